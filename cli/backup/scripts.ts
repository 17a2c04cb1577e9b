import { join } from "node:path";
import { scriptsIn } from "../../infra/remote/script";

/** The scripts of this folder, for nodes and tasks. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "put-swarm.sh": ["DATE", "ENTRIES"],
});
