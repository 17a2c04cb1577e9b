import { join } from "node:path";
import { scriptsIn } from "../remote/script";

/** The scripts of this folder. */
export const scripts = scriptsIn(join(__dirname, "scripts"), {
  "claim-ports.sh": ["MADE_BY"],
  "completed.sh": ["SERVICE", "TIMEOUT"],
  "converge.sh": ["SERVICE", "TIMEOUT", "SURPLUS_TIMEOUT"],
  "lookup.sh": ["KIND", "NAME"],
});
