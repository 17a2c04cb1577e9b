import { join } from "node:path";
import { commands } from "./commands";
import { farm } from "./farm";

/** `./farm`, once Node.js and the modules are there. */
void farm(commands, process.argv.slice(2), process, join(__dirname, "..")).then((status) => {
  process.exitCode = status;
});
