import { join } from "node:path";
import { scriptsIn } from "../../infra/remote/script";

/** What the gate runs on nodes. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "ask-swarm.sh": [],
  "task-health.sh": ["TASK", "RESTART"],
});
