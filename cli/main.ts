import { join } from "node:path";
import { commandsFor } from "./commands";
import { farm } from "./farm";

/** Ends child processes that hang after the command has ended. */
const grace = 2000;

// tsx has read it: programs below, such as the apps' tests, have a tsconfig of their own.
delete process.env.TSX_TSCONFIG_PATH;

/** `./farm`, after the bootstrap has installed Node.js and the modules. */
const argv = process.argv.slice(2);
void farm(() => commandsFor(argv), argv, process, join(__dirname, "..")).then((status) => {
  process.exitCode = status;
  setTimeout(() => process.exit(), grace).unref();
});
