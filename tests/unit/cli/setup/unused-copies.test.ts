import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { keptDays, removeUnusedCopies } from "../../../../cli/setup/copies/unused";
import { copiedImage, copiesIn } from "../../../../infra/images/copied";

const day = 24 * 3600 * 1000;
const now = Date.now();

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "copies-"));
});

afterEach(() => {
  rmSync(cache, { recursive: true });
});

function write(path: string, content: string, days: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  age(path, days);
}

function age(path: string, days: number): void {
  const at = (now - days * day) / 1000;
  utimesSync(path, at, at);
}

const layer = (name: string) => join(copiesIn(cache).blobs, "sha256", name);
const layoutOf = (letter: string) => copiesIn(cache).layout(`sha256:${letter.repeat(64)}`);

/** A copy that `up` used a number of days ago, with its layers; `letter` is its digest. */
function copy(reference: string, letter: string, layers: readonly string[], days: number): void {
  mkdirSync(layoutOf(letter), { recursive: true });
  for (const name of layers) {
    if (!existsSync(layer(name))) write(layer(name), "x".repeat(1_000_000), days);
    linkSync(layer(name), join(layoutOf(letter), name));
  }
  age(layoutOf(letter), days);
  write(copiedImage(reference, cache).record, `sha256:${letter.repeat(64)}\n`, days);
}

const isThere = (reference: string, letter: string) => [
  existsSync(copiedImage(reference, cache).record),
  existsSync(layoutOf(letter)),
];

test("a copy that no up has used for long goes with the layers that it alone has", () => {
  copy("web:1", "a", ["base", "one"], keptDays + 1);
  copy("web:2", "b", ["base", "two"], keptDays - 1);
  expect(removeUnusedCopies(cache, [], now)).toBe(
    `removed from the cache, since no up has used it for ${String(keptDays)} days: 1 copied image, 1.0 MB`,
  );
  expect([isThere("web:1", "a"), isThere("web:2", "b")]).toEqual([
    [false, false],
    [true, true],
  ]);
  expect(readdirSync(dirname(layer("base"))).sort()).toEqual(["base", "two"]);
});

test("a copy that the configuration names stays, and counts as used from now on", () => {
  copy("web:1", "a", ["base"], 10 * keptDays);
  expect(removeUnusedCopies(cache, ["docker.io/library/web:1"], now)).toBeUndefined();
  expect(isThere("web:1", "a")).toEqual([true, true]);
  expect(statSync(layoutOf("a")).mtimeMs).toBeCloseTo(now, -4);
  expect(removeUnusedCopies(cache, [], now + (keptDays - 1) * day)).toBeUndefined();
  expect(removeUnusedCopies(cache, [], now + (keptDays + 1) * day)).toMatch(/1 copied image/);
});

test("the image that a tag stood for before goes after its time, and the one that it stands for stays", () => {
  copy("web:1", "a", ["base", "old"], keptDays + 1);
  copy("web:1", "b", ["base", "new"], 1);
  expect(removeUnusedCopies(cache, [], now)).toMatch(/1 copied image, 1\.0 MB/);
  expect([isThere("web:1", "a"), isThere("web:1", "b")]).toEqual([
    [true, false],
    [true, true],
  ]);
});

test("an image stays as long as a reference names it, and layers of a copy that broke off stay for its second try", () => {
  copy("web:1", "a", ["base"], keptDays + 1);
  age(copiedImage("web:1", cache).record, 1);
  write(layer("half"), "x", 1);
  write(layer("lost"), "x", keptDays + 1);
  mkdirSync(join(copiesIn(cache).root, ".copy-1"));
  age(join(copiesIn(cache).root, ".copy-1"), keptDays + 1);
  expect(removeUnusedCopies(cache, [], now)).toMatch(/0 copied images, 0\.0 MB/);
  expect(isThere("web:1", "a")).toEqual([true, true]);
  expect(readdirSync(dirname(layer("base"))).sort()).toEqual(["base", "half"]);
  expect(existsSync(join(copiesIn(cache).root, ".copy-1"))).toBe(false);
});

test("a machine without copies has nothing to remove", () => {
  expect(removeUnusedCopies(cache, ["web:1"], now)).toBeUndefined();
  expect(readdirSync(cache)).toEqual([]);
});
