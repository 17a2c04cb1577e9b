import { execFileSync, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { haproxy, nginx } from "./nginx";
import { takesConnections } from "./takes-connections";

/** The programs of a load balancer that are installed; FARM_NGINX and FARM_HAPROXY name others. */
export const programs = {
  nginx: process.env.FARM_NGINX ?? nginx,
  haproxy: process.env.FARM_HAPROXY ?? haproxy,
} as const;

/** A program of a load balancer. */
export type Kind = keyof typeof programs;

/** A program that takes connections. */
export interface Started {
  /** Of the master process; its workers are its children. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** How a program is started. */
export interface Starting {
  /** Starts the program, as an image's entrypoint would. Default: the program is started by itself. */
  readonly starter?: { readonly command: readonly string[]; readonly env: NodeJS.ProcessEnv } | undefined;
  /** Whether its standard output, on which HAProxy logs, goes to `access.log` in its folder. Default: false. */
  readonly logs?: boolean;
}

/** The command line of a program with a configuration, in a folder whose `logs` nginx needs. */
export function argvOf(kind: Kind, folder: string, file: string): [string, ...string[]] {
  const program = programs[kind];
  if (program === undefined) throw new Error(`there is no ${kind}: ./farm test unit unpacks it`);
  mkdirSync(join(folder, "logs"));
  return kind === "nginx"
    ? [program, "-e", "stderr", "-p", folder, "-c", file, "-g", "daemon off; user root root;"]
    : [program, "-W", "-db", "-f", file];
}

/** A configuration whose `/tmp` is a folder. Before it names other paths: those of caches may be below `/tmp`, too. */
export function withTemp(config: string, folder: string): string {
  return config.replaceAll(" /tmp/", ` ${folder}/`);
}

/** Starts a program, and waits until a port of 127.0.0.1 takes connections. */
export async function startProgram(
  kind: Kind,
  folder: string,
  file: string,
  port: number,
  { starter, logs = false }: Starting = {},
): Promise<Started> {
  const [first, ...rest] = [...(starter?.command ?? []), ...argvOf(kind, folder, file)] as [string, ...string[]];
  const log = openSync(logs ? join(folder, "access.log") : "/dev/null", "a");
  const child = spawn(first, rest, { stdio: ["ignore", log, "pipe"], env: starter?.env ?? process.env });
  closeSync(log);
  let output = "";
  child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
  const ended = new Promise<void>((resolve) =>
    child.on("close", () => {
      resolve();
    }),
  );
  const deadline = Date.now() + 10_000;
  while (!(await takesConnections({ port, host: "127.0.0.1" }))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)
      throw new Error(`${kind} does not start: ${output}`);
  }
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Makes a certificate and its key in one file, of the kind that the farm's authority issues: ECDSA on P-256. */
export function makePem(folder: string): string {
  const [key, cert, pem] = ["key", "cert", "tls.pem"].map((name) => join(folder, name)) as [string, string, string];
  const type = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", ...type, ...files, "-days", "2", "-subj", "/CN=proxy"], { stdio: "pipe" });
  writeFileSync(pem, execFileSync("cat", [cert, key]));
  return pem;
}
