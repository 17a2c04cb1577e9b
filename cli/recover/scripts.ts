import { join } from "node:path";
import { scriptsIn } from "../../infra/remote/script";

/** What `recover` runs on nodes. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "leave.sh": [],
  "raft-time.sh": [],
  "renew.sh": ["ADDRESS"],
});
