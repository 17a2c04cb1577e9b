import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { haproxyConfig } from "../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../stacks/loadbalancer/nginx";
import { container, nameOf, type LoadBalancerPlan } from "../../stacks/loadbalancer/types";
import { startDockerDns } from "./docker-dns";
import { haproxy, nginx, nginxFile } from "./nginx";
import type { Served } from "./serve";

/** The programs of a load balancer that are installed; FARM_NGINX and FARM_HAPROXY name others. */
export const programs = {
  nginx: process.env.FARM_NGINX ?? nginx,
  haproxy: process.env.FARM_HAPROXY ?? haproxy,
} as const;

/** A load balancer that runs on ports of 127.0.0.1. */
export interface Door {
  readonly port: number;
  /** Of the master process; its workers are its children. */
  readonly pid: number;
  /** Its folder for temporary files. */
  readonly folder: string;
  /** For PROXY protocol headers, if the plan has them. */
  readonly proxyProtocolPort: number;
  /** Where it looks services and tasks up; all are at 127.0.0.1 unless a test changes it. */
  readonly addresses: Map<string, readonly string[]>;
  stop(): Promise<void>;
}

/**
 * Starts a server, and a load balancer in front of it, for the tests of a `describe` block.
 *
 * @param plan of the load balancer, for the server's port
 * @returns `test` where the program is installed, else `test.skip`; and both, once a test runs
 */
export function behindDoor<Kind extends Served>(
  kind: keyof typeof programs,
  start: () => Promise<Kind>,
  plan: (port: number) => LoadBalancerPlan,
): { readonly available: jest.It; readonly server: Kind; readonly door: Door } {
  const isInstalled = programs[kind] !== undefined;
  let server: Kind | undefined;
  let door: Door | undefined;
  const started = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error(`${kind} and its server are there in tests alone`);
    return one;
  };
  beforeAll(async () => {
    if (!isInstalled) return;
    server = await start();
    door = await startDoor(kind, plan(server.port));
  });
  afterAll(async () => {
    await door?.stop();
    await server?.stop();
  });
  return {
    available: isInstalled ? test : test.skip,
    get server() {
      return started(server);
    },
    get door() {
      return started(door);
    },
  };
}

/** Starts nginx or HAProxy with its rendered configuration; only ports and paths differ from those of a farm. */
export async function startDoor(kind: keyof typeof programs, plan: LoadBalancerPlan): Promise<Door> {
  const program = programs[kind];
  if (program === undefined) throw new Error(`there is no ${kind}`);
  const folder = mkdtempSync(join(tmpdir(), "door-"));
  const [http, https, proxied] = [await freePort(), await freePort(), await freePort()];
  const pem = certificate(folder);
  const dns = await startDockerDns();
  for (const { target } of plan.routes) if (target.kind !== "http") dns.addresses.set(nameOf(target), ["127.0.0.1"]);
  // No password has this hash.
  const users = plan.routes.some(({ login }) => login) ? "admin:*\n" : "";
  const config = kind === "nginx" ? nginxConfig(plan) : haproxyConfig(plan, users);
  const file = join(folder, "config");
  writeFileSync(
    file,
    config
      .replaceAll(" /tmp/", ` ${folder}/`)
      // A pipe cannot be opened by that name.
      .replace("error_log /dev/stderr", "error_log stderr")
      .replace("access_log /dev/stdout farm", "access_log off")
      .replaceAll(container.certificate, pem)
      .replaceAll(/(listen |bind :)8080/g, (_, head: string) => `${head.replace(":", "127.0.0.1:")}${String(http)}`)
      .replaceAll(/(listen |bind :)8443/g, (_, head: string) => `${head.replace(":", "127.0.0.1:")}${String(https)}`)
      .replaceAll(
        /(listen |bind :|id |so_id |")8444/g,
        (_, head: string) => `${head.replace(":", "127.0.0.1:")}${String(proxied)}`,
      )
      .replace("include /etc/nginx/mime.types;", "")
      .replaceAll("include /etc/nginx/fastcgi_params;", `include ${nginxFile("fastcgi_params")};`)
      .replace("resolver 127.0.0.11 ", `resolver 127.0.0.1:${String(dns.port)} `)
      .replace("nameserver docker 127.0.0.11:53", `nameserver docker 127.0.0.1:${String(dns.port)}`)
      // HAProxy and nginx of Debian 12 have no such directives.
      .replaceAll(/^ *http-request set-timeout client .*\n/gm, "")
      .replaceAll("http2 on;", "")
      .replaceAll(" ssl default_server", " ssl http2 default_server")
      .replaceAll(" ssl proxy_protocol", " ssl http2 proxy_protocol"),
  );
  mkdirSync(join(folder, "logs"));
  const args =
    kind === "nginx"
      ? ["-e", "stderr", "-p", folder, "-c", file, "-g", "daemon off; user root root;"]
      : ["-W", "-db", "-f", file];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (data: Buffer) => (log += data.toString()));
  child.stdout.resume();
  const ended = new Promise<void>((resolve) =>
    child.on("close", () => {
      resolve();
    }),
  );
  const deadline = Date.now() + 10_000;
  while (!(await accepts(https))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)
      throw new Error(`${kind} does not start: ${log}`);
  }
  return {
    port: https,
    pid: child.pid ?? 0,
    folder,
    proxyProtocolPort: proxied,
    addresses: dns.addresses,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      await dns.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function certificate(folder: string): string {
  const [key, cert, pem] = ["key", "cert", "tls.pem"].map((name) => join(folder, name)) as [string, string, string];
  const type = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", ...type, ...files, "-days", "2", "-subj", "/CN=door"], { stdio: "pipe" });
  writeFileSync(pem, execFileSync("cat", [cert, key]));
  return pem;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () =>
      setTimeout(() => {
        resolve(false);
      }, 50),
    );
  });
}

/** An answer, as its bytes say. */
export interface Reply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A TLS connection on which bytes can be sent as they are. */
export function open(port: number): TLSSocket {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
  socket.on("error", () => socket.destroy());
  return socket;
}

/** Sends bytes, and reads until the answer matches `until` or the connection ends. */
export async function exchange(port: number, bytes: string | Buffer, until?: RegExp): Promise<Reply> {
  const socket = open(port);
  socket.write(bytes);
  const text = await new Promise<string>((resolve) => {
    let all = "";
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(all);
    };
    const timer = setTimeout(end, 10_000);
    socket.on("data", (data: Buffer) => {
      all += data.toString("latin1");
      if (until?.test(all)) end();
    });
    socket.on("end", end).on("close", end);
  });
  return replyOf(text.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, ""));
}

function replyOf(text: string): Reply {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...fields] = head.split("\r\n");
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const at = field.indexOf(":");
    const name = field.slice(0, at).toLowerCase();
    const value = field.slice(at + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { status: Number(first.split(" ")[1] ?? 0), headers, body: rest.join("\r\n\r\n") };
}
