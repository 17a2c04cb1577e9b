import { join } from "node:path";
import { scriptsIn } from "../remote/script";

/** The scripts of this folder. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "install.sh": ["SETTINGS", "PROGRAM", "SERVICE", "TIMER"],
  "uninstall.sh": [],
});
