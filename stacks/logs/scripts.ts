import { join } from "node:path";
import { scriptsIn } from "../../infra/remote/script";

/** The scripts of this folder. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "install.sh": ["FOLDER"],
  "uninstall.sh": ["FOLDER"],
});
