import { join } from "node:path";
import { scriptsIn } from "../../infra/remote/script";

/** The scripts of this folder, for nodes. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "certificates.sh": [],
  "task-page.sh": ["SERVICE", "PORT", "PAGE"],
});
