import { join } from "node:path";
import { commands } from "./commands";
import { farm } from "./farm";

/** A program that hangs must not hold `./farm` once the command has ended. */
const grace = 2000;

/** `./farm`, once Node.js and the modules are there. */
void farm(commands, process.argv.slice(2), process, join(__dirname, "..")).then((status) => {
  process.exitCode = status;
  setTimeout(() => process.exit(), grace).unref();
});
