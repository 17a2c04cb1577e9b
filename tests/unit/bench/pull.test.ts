import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { casesOf, type Case } from "../../../bench/pull/cases";
import { containers, fileName, requestOf } from "../../../bench/pull/containers";
import { both, medianCost, parseShares, receivedBytes, type Cost } from "../../../bench/pull/cost";
import { compressors, encodings } from "../../../bench/pull/encodings";
import { digestOf, encoded, fileOf, manifestOf, ownLayers, sizeOf, withLayers } from "../../../bench/pull/layout";
import { Samples } from "../../../bench/pull/samples";
import { alternativeTable, imageTable, resultOf, sizeTable, type Result } from "../../../bench/pull/table";

const folder = mkdtempSync(join(tmpdir(), "bench-pull-test-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const cost = (qemu: number, bytes = 0): Cost => ({ seconds: qemu * 2, bytes, qemu, docker: qemu / 2, containerd: 0.1 });

test("the time of control groups is a share of the node's", () => {
  const text = "node 1000 9000\ndocker 100 4100\ncontainerd 20 2020\n";
  expect(parseShares(text)).toEqual({ docker: 0.5, containerd: 0.25 });
  expect(parseShares("node 5 5\ndocker 1 2\ncontainerd 1 2\n")).toEqual({ docker: 0, containerd: 0 });
  expect(() => parseShares("docker 1 2\n")).toThrow("guest.sh printed no time of the node: docker 1 2");
});

test("bytes to the node are those that the device of this side sent", () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 11 1 0 0 0 0 0 0 12 1 0 0 0 0 0 0
  tap0:21 2 0 0 0 0 0 0 22 3 0 0 0 0 0 0
`;
  expect(receivedBytes(text, "tap0")).toBe(22);
  expect(receivedBytes(text, "lo")).toBe(12);
  expect(() => receivedBytes(text, "tap1")).toThrow("there is no network device 'tap1'");
});

test("each figure has its own median, and two steps add up", () => {
  expect(medianCost([cost(3, 30), cost(1, 50), cost(2, 40)])).toEqual(cost(2, 40));
  expect(both(cost(1, 5), cost(2, 6))).toEqual({ ...cost(3, 11), containerd: 0.2 });
});

test("cases begin with what the store has; alternatives are measured once, with what a node has of the image", () => {
  const cases = casesOf([
    { name: "php", onBase: true, preloaded: true, alternatives: true },
    { name: "mysql", onBase: false, preloaded: true, alternatives: true },
    { name: "valkey", onBase: true, preloaded: false, alternatives: false },
  ]);
  const shown = ({ image, store, transfer, starts }: Case) =>
    `${image}, ${store}: ${transfer}${starts ? ", starts" : ""}`;
  expect(cases.map(shown)).toEqual([
    "php, image: shipped, starts",
    "mysql, image: shipped, starts",
    "php, base: shipped, starts",
    ...["no TLS", ...encodings].map((transfer) => `php, base: ${transfer}`),
    "valkey, base: shipped, starts",
    "php, nothing: shipped, starts",
    "mysql, nothing: shipped, starts",
    ...["no TLS", ...encodings].map((transfer) => `mysql, nothing: ${transfer}`),
    "valkey, nothing: shipped, starts",
  ]);
});

test("a container has its service's limits, its files, and what is in memory", () => {
  const request = requestOf("registry:5000/mysql@sha256:1", containers.mysql ?? { cpus: 0, memory: 0, health: [] });
  expect(request).toMatchObject({
    Image: "registry:5000/mysql@sha256:1",
    Env: [],
    Healthcheck: { Test: ["CMD", "mysqladmin", "--connect-timeout=3", "ping"], StartInterval: 3e9 },
    HostConfig: {
      NanoCpus: 1e9,
      Memory: 512 * 2 ** 20,
      Mounts: [
        {
          Type: "bind",
          Source: "/var/tmp/bench/run-secrets-mysql-password",
          Target: "/run/secrets/mysql-password",
          ReadOnly: true,
        },
        { Type: "tmpfs", Target: "/tmp" },
        { Type: "tmpfs", Target: "/run/mysqld" },
        { Type: "volume", Target: "/var/lib/mysql" },
      ],
    },
  });
  expect(request).not.toHaveProperty("Cmd");
  expect(requestOf("valkey", { cpus: 1, memory: 1, health: [], args: ["a"], env: { B: "c" } })).toMatchObject({
    Cmd: ["a"],
    Env: ["B=c"],
    HostConfig: { Mounts: [{ Type: "tmpfs", Target: "/tmp" }] },
  });
});

test("files of containers do not meet on the node", () => {
  const names = Object.values(containers).flatMap(({ files = {} }) => Object.keys(files).map(fileName));
  expect(names.length).toBeGreaterThan(2);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[\w.-]+$/);
});

const descriptor = (digest: string, size: number) => ({ mediaType: "layer", digest, size });

test("layers of the base are no image's own, and keep their place when others are replaced", () => {
  const digests = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4,8}$/), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(digests, fc.nat(6), (all, at) => {
      const layers = all.map((digest, index) => descriptor(digest, index + 1));
      const [base, rest] = [layers.slice(0, at), layers.slice(at)];
      expect(ownLayers(layers, base)).toEqual(rest);
      expect(sizeOf(base) + sizeOf(rest)).toBe(sizeOf(layers));
      const others = new Map(rest.map((layer) => [layer.digest, { ...layer, digest: `new-${layer.digest}` }]));
      const manifest = { config: descriptor("config", 1), layers };
      const { config, layers: found } = withLayers(manifest, others);
      expect(config).toEqual(manifest.config);
      expect(found.map(({ digest }) => digest)).toEqual(
        all.map((digest, index) => (index < at ? digest : `new-${digest}`)),
      );
    }),
  );
});

/** An image in skopeo's `dir:` format, with a layer of each content. */
function layoutOf(name: string, contents: readonly string[]): string {
  const layout = join(folder, name);
  mkdirSync(layout);
  const layers = contents.map((content) => {
    const digest = `sha256:${Buffer.from(content).toString("hex").slice(0, 16)}`;
    const layer = execFileSync("zstd", ["-q", "-c"], { input: content.repeat(1000) });
    writeFileSync(fileOf(layout, { digest }), layer);
    return { mediaType: compressors["zstd -3"].mediaType, digest, size: layer.length };
  });
  writeFileSync(join(layout, "config"), "{}");
  writeFileSync(join(layout, "version"), "Directory Transport Version: 1.1\n");
  writeFileSync(
    join(layout, "manifest.json"),
    JSON.stringify({ schemaVersion: 2, config: descriptor("sha256:config", 2), layers }),
  );
  return layout;
}

test.each(encodings)("%s: an image has its own layer in another encoding, with the same content", async (encoding) => {
  const name = encoding.replaceAll(" ", "");
  const base = layoutOf(`base${name}`, ["below"]);
  const layout = layoutOf(`image${name}`, ["below", "own content"]);
  const written = join(folder, `written${name}`);
  await encoded(layout, base, encoding, written);
  const [before, after] = [manifestOf(layout), manifestOf(written)];
  expect(after).toMatchObject({ schemaVersion: 2, config: before.config });
  expect(after.layers[0]).toEqual(before.layers[0]);
  const [, own] = after.layers;
  if (own === undefined) throw new Error("the layer is lost");
  const file = fileOf(written, own);
  expect(own).toMatchObject({ mediaType: compressors[encoding].mediaType, size: readFileSync(file).length });
  expect(execFileSync("sha256sum", [file], { encoding: "utf8" })).toContain(own.digest.replace("sha256:", ""));
  const unpack = encoding === "none" ? ["cat", file] : [encoding.split(" ")[0] ?? "", "-dc", file];
  expect(execFileSync("sh", ["-c", '"$@"', "sh", ...unpack], { encoding: "utf8" })).toBe("own content".repeat(1000));
  expect(digestOf(written)).not.toBe(digestOf(layout));
  expect(readFileSync(join(written, "version"), "utf8")).toContain("1.1");
});

const result = (measured: Case, pulls: readonly number[], starts: readonly number[]): Result => ({
  measured,
  pulls: pulls.map((qemu) => cost(qemu, 12_345_678)),
  starts: starts.map((qemu) => cost(qemu, 1000)),
  own: 12_900_000,
});
const php = { image: "php", transfer: "shipped", starts: true } as const;
const results = [
  result({ ...php, store: "image" }, [], [4, 5, 6]),
  result({ ...php, store: "base" }, [10, 20, 12], [5, 5, 5]),
  result({ ...php, store: "base", transfer: "gzip -6", starts: false }, [24, 24, 24], []),
  result({ ...php, store: "nothing" }, [30, 30, 30], [5, 5, 5]),
];

test("the images' table has the medians, and the CPU time of both steps; what is there is not pulled", () => {
  expect(imageTable(results).split("\n")).toEqual([
    "| image | in the store | received, MB | pull, s | CPU s | dockerd | containerd | start, s | CPU s | dockerd | containerd | **CPU s, both** |",
    `|${" --- |".repeat(12)}`,
    "| php | the image | 0 |  |  |  |  | 10.0 | 5.0 | 2.5 | 0.1 | **5.0** |",
    "| php | the base | 12.3 | 24.0 | 12.0 | 6.0 | 0.1 | 10.0 | 5.0 | 2.5 | 0.1 | **17.0** |",
    "| php | nothing | 12.3 | 60.0 | 30.0 | 15.0 | 0.1 | 10.0 | 5.0 | 2.5 | 0.1 | **35.0** |",
  ]);
});

test("alternatives are beside the shipped one that began with the same store", () => {
  expect(alternativeTable(results).split("\n").slice(2)).toEqual([
    "| php | shipped | 12.9 | 12.3 | 24.0 | 12.0 | 6.0 | 0.1 | 1.00 |",
    "| php | gzip -6 | 12.9 | 12.3 | 48.0 | 24.0 | 12.0 | 0.1 | 2.00 |",
  ]);
});

test("sizes are of the whole image and of its own layers", () => {
  expect(sizeTable([{ image: "php", whole: 35_263_252, own: 12_939_211 }])).toContain("| php | 35.3 | 12.9 |");
});

test("measurements outlive a run, and those of a case are found", () => {
  const file = join(folder, "samples.jsonl");
  const [base, other] = [
    { ...php, store: "base", own: 3, pull: cost(1), start: cost(2) } as const,
    { ...php, store: "base", transfer: "zstd -1", starts: false, own: 4, pull: cost(5) } as const,
  ];
  const first = new Samples(file);
  expect(first.of(base)).toEqual([]);
  for (const sample of [base, other, base]) first.add(sample);
  const samples = new Samples(file);
  expect(samples.of({ ...php, store: "base" })).toEqual([base, base]);
  expect(samples.of({ ...php, store: "nothing" })).toEqual([]);
  expect(resultOf({ ...php, store: "base" }, samples.of(base))).toEqual({
    measured: { ...php, store: "base" },
    pulls: [cost(1), cost(1)],
    starts: [cost(2), cost(2)],
    own: 3,
  });
  expect(resultOf(other, samples.of(other))).toMatchObject({ pulls: [cost(5)], starts: [], own: 4 });
});
