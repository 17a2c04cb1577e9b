import { join } from "node:path";
import { scriptsIn } from "../remote/script";

/** The scripts of this folder; `backup`, `restore` and `recover` run the same ones. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "activate.sh": ["NODE"],
  "boot.sh": ["FARM", "NODE", "HOST", "URI", "DOMAIN", "POOL_PATH", "CONSOLE_LOG", "TIMEOUT", "WAIT_FOR_DOCKER"],
  "cluster-id.sh": ["HOST"],
  "copy-swarm.sh": [],
  "drain.sh": ["NODE"],
  "init.sh": ["ADDRESS", "OTHERS"],
  "join.sh": ["NODE", "ADDRESS"],
  "label.sh": ["NODE", "KEY", "VALUE"],
  "ready.sh": ["NODE", "ID", "ROLE"],
  "remember-swarm.sh": [],
  "remove.sh": ["NODE"],
  "report.sh": ["REGISTRIES"],
  "set-availability.sh": ["NODE", "AVAILABILITY"],
  "shutdown.sh": ["FARM", "NODE", "URI", "DOMAIN", "ID"],
  "unlabel.sh": ["NODE", "KEY"],
  "wait-for-docker.sh": ["NODE"],
  "worker-certificate.sh": ["NODE"],
});
