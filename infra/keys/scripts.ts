import { join } from "node:path";
import { scriptsIn } from "../remote/script";

/** The scripts of this folder. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "acme-keys.sh": [],
  "acme-request.sh": [],
  "authority.sh": ["DAYS"],
  "issue.sh": ["DAYS"],
  "key-pair.sh": [],
  "login.sh": [],
  "password.sh": [],
  "seal.sh": ["DAYS"],
});
