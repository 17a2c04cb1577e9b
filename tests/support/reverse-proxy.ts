import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { haproxyConfig } from "../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../stacks/loadbalancer/nginx";
import { withStreams } from "./streams";
import { oidc } from "../../stacks/loadbalancer/oidc/plan";
import { nameOf, type LoadBalancerPlan } from "../../stacks/loadbalancer/base/types";
import { startDockerDns } from "./docker-dns";
import { freePort } from "./free-port";
import { nginxFile } from "./nginx";
import { makePem, programs, startProgram, withTemp, type Kind, type Starting } from "./proxy-program";
import type { Served } from "./serve";
import { withCertificates } from "./sni-certificates";
import { repository } from "./sources";

/** A load balancer that runs on ports of 127.0.0.1. */
export interface ReverseProxy {
  readonly port: number;
  /** Without TLS. */
  readonly httpPort: number;
  /** Of the master process; its workers are its children. */
  readonly pid: number;
  /** Its folder for temporary files. */
  readonly folder: string;
  /** For PROXY protocol headers, if the plan has them. */
  readonly proxyProtocolPort: number;
  /** Those of its streams, by the ports of the configuration. */
  readonly streamPorts: ReadonlyMap<number, number>;
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
export function behindProxy<Server extends Served>(
  kind: Kind,
  start: () => Promise<Server>,
  plan: (port: number) => LoadBalancerPlan,
): { readonly available: jest.It; readonly server: Server; readonly proxy: ReverseProxy } {
  const isInstalled = programs[kind] !== undefined;
  let server: Server | undefined;
  let proxy: ReverseProxy | undefined;
  const started = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error(`${kind} and its server are there in tests alone`);
    return one;
  };
  beforeAll(async () => {
    if (!isInstalled) return;
    server = await start();
    proxy = await startProxy(kind, plan(server.port));
  });
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
  });
  return {
    available: isInstalled ? test : test.skip,
    get server() {
      return started(server);
    },
    get proxy() {
      return started(proxy);
    },
  };
}

/** Beside a load balancer in a test. */
interface Beside extends Starting {
  /** The port of oauth2-proxy. Default: there is none. */
  readonly loginPort?: number;
}

/** Starts nginx or HAProxy with its rendered configuration; only ports and paths differ from those of a farm. */
export async function startProxy(
  kind: Kind,
  plan: LoadBalancerPlan,
  { loginPort, starter, logs = false }: Beside = {},
): Promise<ReverseProxy> {
  const folder = mkdtempSync(join(tmpdir(), "proxy-"));
  const [http, https, proxied] = [await freePort(), await freePort(), await freePort()];
  const pem = makePem(folder);
  const dns = await startDockerDns();
  for (const { target } of plan.routes) if (target.kind !== "http") dns.addresses.set(nameOf(target), ["127.0.0.1"]);
  if (loginPort !== undefined) dns.addresses.set(`tasks.${oidc.service}`, ["127.0.0.1"]);
  // No password has this hash.
  const users = plan.routes.some(({ login }) => login === true) ? "admin:*\n" : "";
  const config = kind === "nginx" ? nginxConfig(plan) : haproxyConfig(plan, users);
  const streams = await withStreams(plan, dns, freePort);
  const file = join(folder, "config");
  const withFiles = withCertificates(plan, folder, pem);
  writeFileSync(
    file,
    withFiles(streams.here(withTemp(config, folder)))
      // A pipe cannot be opened by that name.
      .replace("error_log /dev/stderr", "error_log stderr")
      .replaceAll(
        /access_log \/dev\/stdout( farm[^;]*)/g,
        logs ? `access_log ${folder}/access.log$1` : "access_log off",
      )
      .replaceAll(/(listen |bind :)8080/g, (_, head: string) => `${head.replace(":", "127.0.0.1:")}${String(http)}`)
      .replaceAll(/(listen |bind :)8443/g, (_, head: string) => `${head.replace(":", "127.0.0.1:")}${String(https)}`)
      .replaceAll(
        /(listen |bind :|id |so_id |")8444/g,
        (_, head: string) => `${head.replace(":", "127.0.0.1:")}${String(proxied)}`,
      )
      .replaceAll(`${oidc.service}:${String(oidc.port)}`, `${oidc.service}:${String(loginPort)}`)
      .replace(oidc.script, join(repository, "stacks/loadbalancer/oidc/ask.lua"))
      .replace("include /etc/nginx/mime.types;", "")
      .replaceAll("include /etc/nginx/fastcgi_params;", `include ${nginxFile("fastcgi_params")};`)
      .replaceAll("resolver 127.0.0.11 ", `resolver 127.0.0.1:${String(dns.port)} `)
      .replace("nameserver docker 127.0.0.11:53", `nameserver docker 127.0.0.1:${String(dns.port)}`)
      // HAProxy and nginx of Debian 12 have no such directives.
      .replaceAll(/^ *http-request set-timeout client .*\n/gm, "")
      .replaceAll("http2 on;", "")
      .replaceAll(" ssl default_server", " ssl http2 default_server")
      .replaceAll(" ssl proxy_protocol", " ssl http2 proxy_protocol"),
  );
  const program = await startProgram(kind, folder, file, https, { starter, logs });
  return {
    port: https,
    httpPort: http,
    pid: program.pid,
    folder,
    proxyProtocolPort: proxied,
    streamPorts: streams.ports,
    addresses: dns.addresses,
    stop: async () => {
      await program.stop();
      await dns.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
