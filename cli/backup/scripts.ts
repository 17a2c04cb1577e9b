import { join } from "node:path";
import { scriptsIn } from "../../infra/remote/script";

/** What `backup` and `restore` run on nodes and in tasks. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "copy-swarm.sh": [],
  "mysql-client.sh": [],
  "put-swarm.sh": ["DATE", "ENTRIES"],
});
