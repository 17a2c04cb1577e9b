import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { testServer } from "../../cli/setup/packages";
import { takesConnections } from "./takes-connections";

const cache = process.env.FARM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm");

/** nginx, HAProxy, keepalived, valkey and restic as `./farm test` unpacks them, or the machine's own. Undefined: there is none. */
export const nginx = installed("nginx");
export const haproxy = installed("haproxy");
export const keepalived = installed("keepalived");
export const valkey = installed("valkey", "/usr/bin/valkey-server");
export const restic = installed("restic", "/usr/bin/restic");

function installed(name: Parameters<typeof testServer>[1], own = `/usr/sbin/${name}`): string | undefined {
  return [testServer(cache, name), own].find((path) => existsSync(path));
}

/** A file of `/etc/nginx`, of the package that was unpacked or of the machine. */
export function nginxFile(name: string): string {
  const unpacked = join(dirname(testServer(cache, "nginx")), "etc", "nginx", name);
  return existsSync(unpacked) ? unpacked : join("/etc/nginx", name);
}

/** A module of nginx, of the package that was unpacked or of the machine. */
export function nginxModule(name: string): string {
  const folder = join("usr", "lib", "nginx", "modules");
  const unpacked = join(dirname(testServer(cache, "nginx")), folder, name);
  return existsSync(unpacked) ? unpacked : join("/", folder, name);
}

/** A running nginx. */
export interface Running {
  readonly folder: string;
  stop(): Promise<void>;
}

/** A folder for a configuration to name: short, since a socket's path has at most 107 characters. */
export function nginxFolder(): string {
  return mkdtempSync(join(tmpdir(), "nginx-"));
}

/** Starts nginx in the foreground with a configuration, and waits until its socket takes connections. */
export async function startNginx(program: string, config: string, folder: string, socket: string): Promise<Running> {
  const file = join(folder, "nginx.conf");
  writeFileSync(file, config);
  const child = spawn(program, ["-e", "stderr", "-p", folder, "-c", file, "-g", "daemon off; user root root;"]);
  let printed = "";
  child.stderr.on("data", (data: Buffer) => (printed += data.toString()));
  const ended = new Promise<void>((resolve) =>
    child.on("close", () => {
      resolve();
    }),
  );
  const deadline = Date.now() + 10_000;
  while (!(await takesConnections({ path: socket }))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`nginx does not start: ${printed}`);
  }
  return {
    folder,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
