import { join } from "node:path";
import { scriptsIn } from "../remote/script";

/** The scripts of this folder. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "download-image.sh": ["SOURCE", "SHA256", "FOLDER"],
  "kvm-probe.sh": [],
  "local-image.sh": ["SOURCE", "SHA256"],
  "vxlan-hook.sh": ["NETWORK", "BRIDGE", "DEVICE", "VNI", "ADDRESS", "PEERS"],
  "vxlan.sh": ["NETWORK", "DEVICE", "HOOK"],
});
