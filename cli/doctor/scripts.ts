import { join } from "node:path";
import { scriptsIn } from "../../infra/remote/script";

/** What `doctor` runs on nodes. */
export const scripts = scriptsIn(join(__dirname, "scripts"), { "certificates.sh": [] });
