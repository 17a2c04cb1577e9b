import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { output, run } from "../../cli/process/run";
import { registryName } from "../../infra/net/plan";
import { digestOf, fileOf, manifestOf } from "./layout";
import { host } from "./node";

const accept = join(__dirname, "..", "..", "images", "accept.json");
const ports = { tls: 5000, plain: 5001 } as const;

/** Names of the registry on nodes, with and without TLS. */
export const registryNames = { tls: `${registryName}:5000`, plain: `${registryName}:5001` } as const;

/** The farm's registry, from its own image, on this machine: TLS as nodes meet it, and the same store without. */
export class Registry {
  private readonly processes: ChildProcess[] = [];
  private constructor(
    private readonly root: string,
    /** Its certificate, in PEM. */
    readonly certificate: string,
  ) {}

  /** @param layout the folder of the registry's image. @param folder of its files, which is made */
  static async start(layout: string, folder: string): Promise<Registry> {
    mkdirSync(folder);
    const unpack = 'zstd -q -d -c "$1" | tar -C "$2" -x';
    for (const layer of manifestOf(layout).layers)
      await output(["sh", "-c", unpack, "sh", fileOf(layout, layer), folder]);
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const subject = ["-subj", "/CN=registry", "-addext", `subjectAltName=DNS:${registryName},IP:${host}`];
    const made = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      key,
      "-out",
      certificate,
    ];
    await output(["openssl", "req", "-x509", "-days", "2", ...made, ...subject]);
    const registry = new Registry(folder, readFileSync(certificate, "utf8"));
    await registry.serve("tls");
    await registry.serve("plain");
    return registry;
  }

  /** Puts an image there, with the layers as they are; by this digest nodes pull it. */
  async push(layout: string, name: string): Promise<string> {
    const copy = ["skopeo", "--policy", accept, "copy", "-q", "--preserve-digests", "--remove-signatures"] as const;
    const to = `docker://${host}:${String(ports.plain)}/swarm-farm/${name}:signed`;
    await output([...copy, "--dest-tls-verify=false", `dir:${layout}`, to]);
    return `swarm-farm/${name}@${digestOf(layout)}`;
  }

  stop(): void {
    for (const process of this.processes) process.kill();
  }

  private async serve(kind: keyof typeof ports): Promise<void> {
    const address = `${host}:${String(ports[kind])}`;
    const tls = kind === "tls" ? { tls: { certificate: "/certificate.pem", key: "/key.pem" } } : {};
    const settings = {
      version: 0.1,
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: "/var/lib/registry" } },
      http: { addr: address, ...tls },
    };
    writeFileSync(join(this.root, `${kind}.yml`), JSON.stringify(settings));
    const command = [this.root, "/usr/bin/docker-registry", "serve", `/${kind}.yml`];
    this.processes.push(
      spawn("chroot", command, { stdio: ["ignore", "ignore", openSync(join(this.root, `${kind}.log`), "w")] }),
    );
    const url = `${kind === "tls" ? "https" : "http"}://${address}/v2/`;
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await run(["curl", "-fsSk", url])).status === 0) return;
      await sleep(200);
    }
    throw new Error(
      `the registry does not answer at ${url}: ${readFileSync(join(this.root, `${kind}.log`), "utf8").slice(-500)}`,
    );
  }
}
