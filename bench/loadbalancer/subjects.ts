import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadBalancerPlan } from "../../stacks/loadbalancer/base/types";
import { makePem, startProgram, type Kind } from "../../tests/support/proxy-program";
import { startProxy } from "../../tests/support/reverse-proxy";

/** Something that answers requests for the server's files. */
export interface Subject {
  readonly name: string;
  /** Without a path. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The sizes of the server's files, in bytes, by their paths. */
export const files = { "/small": 1024, "/large": 1024 ** 2 } as const;

/** Where the hand-written ones listen; the namespace has no other programs. */
const ports = { server: 18_000, nginx: 18_001, "nginx-keepalive": 18_002, haproxy: 18_003 } as const;

/** Starts all: the server itself, and in front of it each program as the farm configures it and as a person would by hand. */
export async function startAll(): Promise<readonly Subject[]> {
  const server = await handWritten("server", "nginx", "server.conf");
  for (const [path, size] of Object.entries(files)) writeFileSync(join(server.folder, path), Buffer.alloc(size, "a"));
  const plan: LoadBalancerPlan = {
    httpsPort: 443,
    routes: [
      { name: "web", path: "/", target: { kind: "service", service: "web", port: ports.server, endpoint: "vip" } },
    ],
  };
  const farm = async (kind: Kind): Promise<Subject> => {
    const proxy = await startProxy(kind, plan, { logs: true });
    return { name: `${kind}, the farm's`, url: `https://127.0.0.1:${String(proxy.port)}`, stop: () => proxy.stop() };
  };
  return [
    { ...server, name: "the server itself" },
    await farm("nginx"),
    { ...(await handWritten("nginx", "nginx", "nginx.conf")), name: "nginx, by hand" },
    { ...(await handWritten("nginx-keepalive", "nginx", "nginx-keepalive.conf")), name: "nginx, by hand, keepalive" },
    await farm("haproxy"),
    { ...(await handWritten("haproxy", "haproxy", "haproxy.cfg")), name: "haproxy, by hand" },
  ];
}

/** Starts a program with a file of minimal/. */
async function handWritten(
  name: keyof typeof ports,
  kind: Kind,
  config: string,
): Promise<Subject & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const port = ports[name];
  const values: Readonly<Record<string, string>> = {
    FOLDER: folder,
    PORT: String(port),
    SERVER: String(ports.server),
    PEM: makePem(folder),
  };
  const file = join(folder, config);
  const text = readFileSync(join(__dirname, "minimal", config), "utf8");
  writeFileSync(
    file,
    text.replaceAll(/@([A-Z]+)@/g, (whole, key: string) => values[key] ?? whole),
  );
  const program = await startProgram(kind, folder, file, port, { logs: true });
  return {
    name,
    folder,
    url: `${name === "server" ? "http" : "https"}://127.0.0.1:${String(port)}`,
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
