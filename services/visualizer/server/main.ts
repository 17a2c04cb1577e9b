import { rmSync } from "node:fs";
import { join } from "node:path";
import { readAssets } from "./assets.ts";
import { Docker } from "./docker/client.ts";
import { makeGate } from "./gate.ts";
import { startServer } from "./serve.ts";
import { listenOptions, readSettings } from "./settings.ts";

const log = (message: string): void => {
  console.log(`${new Date().toISOString()} ${message}`);
};

function startGate(): void {
  const settings = readSettings(process.env);
  const listen = listenOptions(settings.LISTEN);
  // A socket left by a killed gate would keep the next one from starting.
  if ("path" in listen) rmSync(listen.path, { force: true });
  const gate = makeGate(new Docker(settings.DOCKER_HOST));
  gate.listen(listen, () => {
    log(`read-only gate on ${settings.LISTEN} to ${settings.DOCKER_HOST}`);
  });
  leaveOnSignals(() => {
    gate.closeAllConnections();
    gate.close();
    return Promise.resolve();
  });
}

async function startPage(): Promise<void> {
  const running = await startServer(readSettings(process.env), readAssets(join(import.meta.dirname, "public")), log);
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
    case "proxy":
      startGate();
      return;
    case "health":
      return health();
    default:
      throw new Error(`unknown mode '${mode}'; there are page, proxy and health`);
  }
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
