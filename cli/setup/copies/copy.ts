import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { copiesIn, type CopiedImage } from "../../../infra/images/copied";
import { FarmError } from "../../base/errors";
import { needSpace } from "../../base/space";
import { run } from "../../process/run";
import type { Step } from "../tools/tools";
import { configProblem, digestOf, readManifest, type Manifest } from "./manifest";
import { reasonOf } from "./reason";

/** How long a registry may take. skopeo itself tries five times for a minute where a registry limits pulls. */
export const deadlines = {
  /** Until a manifest is there, in seconds. */
  answer: 90,
  /** Without a byte of a layer, in seconds. */
  stall: 60,
};

/** The manifest of an image for the nodes' platform. */
export interface Found {
  readonly digest: string;
  readonly text: string;
  readonly manifest: Manifest;
}

/** Copies of images of other registries, with the logins and the trust of the person who runs `./farm`. */
export class Copier {
  private readonly folders;

  constructor(private readonly step: Step) {
    this.folders = copiesIn(step.context.folders.cache);
  }

  /**
   * Looks up what a reference stands for.
   *
   * @param digest that the tag had; it is taken instead of the tag. Default: the tag is looked up
   * @throws FarmError
   */
  async find({ reference }: Pick<CopiedImage, "reference">, digest?: string): Promise<Found> {
    const name = repositoryOf(reference);
    const pinned = digest ?? reference.split("@")[1];
    const from = pinned === undefined ? reference : `${name}@${pinned}`;
    const text = await this.inspect(from);
    const read = readManifest(text);
    switch (read.kind) {
      case "image":
        return { digest: digestOf(text), text, manifest: read.manifest };
      case "list":
        return this.find({ reference }, read.digest);
      case "problem":
        throw new FarmError(read.reason);
    }
  }

  /** Layers that no copy has yet. */
  missing({ manifest }: Found): Manifest["layers"] {
    const unique = new Map(manifest.layers.map((layer) => [layer.digest, layer]));
    return [...unique.values()].filter(({ digest }) => !existsSync(this.blob(digest)));
  }

  /**
   * Copies what is missing. Layers are kept one by one, so that a copy that breaks off goes on there.
   *
   * @throws FarmError
   */
  async copy({ reference }: CopiedImage, found: Found): Promise<void> {
    const from = `${repositoryOf(reference)}@${found.digest}`;
    const missing = this.missing(found);
    needSpace(this.folders.root, Math.ceil(bytesOf(missing) / 1024 ** 2) + 100, `the copy of ${reference}`);
    mkdirSync(this.folders.blobs, { recursive: true });
    const work = mkdtempSync(join(this.folders.root, ".copy-"));
    try {
      await this.config(from, found, work);
      if (missing.length > 0) await this.layers(from, work);
      const lost = this.missing(found)[0];
      if (lost) throw new FarmError(`its layer ${lost.digest} did not arrive: run ./farm up again`);
      this.assemble(found, work);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  /** Remembers what a reference stands for. */
  record({ record }: CopiedImage, digest: string): void {
    mkdirSync(dirname(record), { recursive: true });
    writeFileSync(`${record}.new`, `${digest}\n`);
    renameSync(`${record}.new`, record);
  }

  /** The configuration as its registry has it: an OCI layout would lose its health check. */
  private async config(from: string, { manifest }: Found, work: string): Promise<void> {
    const file = this.blob(manifest.config.digest);
    if (existsSync(file)) return;
    const text = await this.inspect(from, "--config");
    const problem = configProblem(text) ?? (digestOf(text) === manifest.config.digest ? undefined : "its configuration is damaged");
    if (problem !== undefined) throw new FarmError(problem);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(join(work, "config"), text);
    renameSync(join(work, "config"), file);
  }

  /** An OCI layout with shared blobs keeps each layer once it is whole; skopeo's `dir:` begins with an empty folder. */
  private async layers(from: string, work: string): Promise<void> {
    const layout = join(work, "oci");
    const stalled = new AbortController();
    const timer = setInterval(watch(layout, this.folders.blobs, stalled, deadlines.stall), 1000);
    try {
      const flags = ["-q", "--retry-times", "1", "--remove-signatures", "--dest-oci-accept-uncompressed-layers"];
      await this.skopeo(from, stalled.signal, [
        ...["copy", ...flags, "--dest-shared-blob-dir", this.folders.blobs, `docker://${from}`, `oci:${layout}:copy`],
      ]);
    } finally {
      clearInterval(timer);
    }
  }

  private assemble({ digest, text, manifest }: Found, work: string): void {
    const [folder, layout] = [join(work, "dir"), this.folders.layout(digest)];
    mkdirSync(folder);
    writeFileSync(join(folder, "version"), "Directory Transport Version: 1.1\n");
    for (const blob of new Set([manifest.config, ...manifest.layers].map((each) => each.digest)))
      linkSync(this.blob(blob), join(folder, hex(blob)));
    writeFileSync(join(folder, "manifest.json"), text);
    mkdirSync(dirname(layout), { recursive: true });
    if (!existsSync(layout)) renameSync(folder, layout);
  }

  private async inspect(from: string, ...what: readonly string[]): Promise<string> {
    const limit = `--command-timeout=${String(deadlines.answer)}s`;
    return this.skopeo(from, undefined, [limit, "inspect", ...what, "--raw", `docker://${from}`]);
  }

  private async skopeo(from: string, stalled: AbortSignal | undefined, args: readonly string[]): Promise<string> {
    const { environment, signal, repository } = this.step.context;
    const policy = hasPolicy(environment) ? [] : [`--policy=${join(repository, "images", "accept.json")}`];
    const all = stalled ? AbortSignal.any([signal, stalled]) : signal;
    const { status, stdout, stderr } = await run(["skopeo", ...policy, ...args], { env: environment, signal: all });
    signal.throwIfAborted();
    if (status === 0) return stdout;
    this.step.progress.log(stderr);
    throw new FarmError(reasonOf(stalled?.aborted ? "timeout: no byte has come" : stderr, from));
  }

  private blob(digest: string): string {
    return join(this.folders.blobs, "sha256", hex(digest));
  }
}

/** Bytes of layers together. */
function bytesOf(layers: Manifest["layers"]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/** The size of layers together, as messages have it. */
export function megabytesOf(layers: Manifest["layers"]): string {
  return `${(bytesOf(layers) / 1e6).toFixed(1)} MB`;
}

/** Whether there are rules for images of this machine or this person, which skopeo and buildah find by themselves. */
export function hasPolicy({ HOME = homedir(), XDG_CONFIG_HOME = join(HOME, ".config") }: Step["context"]["environment"]): boolean {
  return [join(XDG_CONFIG_HOME, "containers", "policy.json"), "/etc/containers/policy.json"].some((file) => existsSync(file));
}

function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
}

function hex(digest: string): string {
  return digest.replace("sha256:", "");
}

/** Aborts once two folders have had the same size for a time. */
function watch(layout: string, blobs: string, stalled: AbortController, seconds: number): () => void {
  let [size, since] = [-1, Date.now()];
  return () => {
    const now = sizeOf(layout) + sizeOf(blobs);
    if (now !== size) [size, since] = [now, Date.now()];
    else if (Date.now() - since >= seconds * 1000) stalled.abort();
  };
}

function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + sizeOfFile(join(parentPath, name)), 0);
}

/** skopeo renames its files meanwhile. */
function sizeOfFile(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
