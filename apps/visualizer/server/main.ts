import { join } from "node:path";
import { readAssets } from "./assets.ts";
import { startServer } from "./serve.ts";
import { readSettings } from "./settings.ts";

const log = (message: string): void => {
  console.log(`${new Date().toISOString()} ${message}`);
};

async function startPage(): Promise<void> {
  const settings = readSettings(process.env);
  const assets = readAssets(join(import.meta.dirname, "public"));
  // Without a store nobody reads them.
  const print = settings.VICTORIALOGS === undefined ? undefined : console.log;
  const running = await startServer(settings, assets, log, print);
  leaveOnSignals(running.stop);
}

/** For an image without curl: `node server.js health`. */
async function health(): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${readSettings(process.env).PORT}/healthz`);
  process.exitCode = answer.ok ? 0 : 1;
}

function leaveOnSignals(stop: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      void stop().then(() => process.exit(0));
    });
  }
}

async function main(mode = "page"): Promise<void> {
  switch (mode) {
    case "page":
      return startPage();
    case "health":
      return health();
    default:
      throw new Error(`unknown mode '${mode}'; there are page and health`);
  }
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
