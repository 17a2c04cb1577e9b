import { join } from "node:path";
import { scriptsIn } from "./script";

/** The scripts of this folder. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "manager-proxy.sh": ["MANAGERS_FILE", "PREFIX"],
  "remove-ssh-files.sh": ["FARM", "FILES"],
  "run-on-nodes.sh": ["FARM", "HOST", "SCRIPT", "THEN_HOST", "THEN_SCRIPT", "CONSOLE_LOG"],
  "write-ssh-files.sh": ["FARM", "FILES"],
});
