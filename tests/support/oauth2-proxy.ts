import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { files, proxyArguments } from "../../stacks/loadbalancer/oidc/arguments";
import { oidc } from "../../stacks/loadbalancer/oidc/plan";
import type { OidcConfig } from "../../stacks/loadbalancer/oidc/schema";
import { builtRecipe } from "./built-recipe";
import type { Served } from "./serve";
import { freePort } from "./free-port";
import { repository } from "./sources";

/** oauth2-proxy as the image has it; FARM_OAUTH2_PROXY names another. Undefined where there is no Go. */
export function oauth2Proxy(): string | undefined {
  if (process.env.FARM_OAUTH2_PROXY !== undefined) return process.env.FARM_OAUTH2_PROXY;
  const bin = builtRecipe(join(repository, "stacks/loadbalancer/images/oauth2-proxy"));
  return bin === undefined ? undefined : join(bin, "oauth2-proxy");
}

/** Starts it with the arguments that it has on a farm; only paths, address and port differ. */
export async function startOauth2Proxy(program: string, config: OidcConfig, ca: string): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "oauth2-proxy-"));
  writeFileSync(join(folder, files.clientSecret), config.clientSecret);
  writeFileSync(join(folder, files.cookieSecret), "0123456789-_abcdefABCDEF");
  const port = await freePort();
  const args = proxyArguments(config, true).map((arg) =>
    arg
      .replace("/run/secrets", folder)
      .replace(files.ca, ca)
      .replace(`0.0.0.0:${String(oidc.port)}`, `127.0.0.1:${String(port)}`),
  );
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (log += data.toString()));
  const ended = new Promise<void>((resolve) =>
    child.on("close", () => {
      resolve();
    }),
  );
  const deadline = Date.now() + 60_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`oauth2-proxy does not start: ${log}`);
    await sleep(50);
  }
  return {
    port,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${String(port)}/ping`)).ok;
  } catch {
    return false;
  }
}
