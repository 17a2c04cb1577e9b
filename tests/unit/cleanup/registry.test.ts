import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository } from "../../support/program";
import { cleanUp } from "../../support/fake-node-docker";
import { runWith } from "../../support/fake-programs";

let folder: string;
let volume: string;

const epoch = 1_000_000_000;
const digest = (of: string) => of.repeat(64);
const [used, previous, pushed, unused] = ["a", "b", "c", "d"].map(digest) as [string, string, string, string];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "registry-"));
  volume = join(folder, "volume");
  for (const of of [used, previous, pushed, unused]) push("swarm-farm/php", of);
  tag("swarm-farm/php", pushed);
  push("shop/php", unused);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function inRepository(name: string, ...path: readonly string[]): string {
  return join(volume, "docker", "registry", "v2", "repositories", name, ...path);
}

function linkOf(name: string, of: string): string {
  return inRepository(name, "_manifests", "revisions", "sha256", of, "link");
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** As the registry's file system driver keeps a manifest, pushed at a time of the tests' clock. */
function push(name: string, of: string, at = epoch): void {
  write(linkOf(name, of), `sha256:${of}`);
  utimesSync(linkOf(name, of), at, at);
}

function tag(name: string, of: string): void {
  write(inRepository(name, "_manifests", "tags", "signed", "current", "link"), `sha256:${of}`);
  write(inRepository(name, "_manifests", "tags", "signed", "index", "sha256", of, "link"), `sha256:${of}`);
}

/** Runs the cleanup of the registry's node. */
function at(hours: number, images = "hello php") {
  const name = "registry.internal:5000/swarm-farm/php@sha256";
  const services = [`${name}:${used}`, `${name}:${previous}`, ""];
  return cleanUp(join(folder, "state"), epoch + hours * 3600, { images: {}, services, registry: { images, volume } });
}

const restart = "docker kill --signal TERM registry-container";

function listed(): string | undefined {
  const file = join(volume, "unused");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

describe("the cleanup", () => {
  test("lists images that no service has used for the whole time, and restarts the registry", () => {
    const before = at(0);
    expect([before.status, before.calls.includes(restart), listed()]).toEqual([0, false, undefined]);
    expect(at(167).calls).not.toContain(restart);
    const { status, calls, stdout } = at(168);
    expect([status, listed()]).toEqual([0, `swarm-farm/php ${unused}\n`]);
    expect(calls).toContain(restart);
    expect(stdout).toBe("the registry restarts and deletes images that no service has used for 168 h: 1\n");
  });

  test("keeps the last push of an image that the program still pushes, and of no other", () => {
    at(0, "hello");
    at(168, "hello");
    expect(listed()).toBe(`swarm-farm/php ${pushed}\nswarm-farm/php ${unused}\n`);
  });

  test("treats copies of images of other registries alike: one that no stack names any longer, and what a tag was before", () => {
    const [copied, removed] = ["swarm-farm/docker.io.library.web.1", "swarm-farm/quay.io.team.db.8.4"];
    const latest = digest("e");
    push(copied, unused);
    for (const [name, of] of [
      [copied, pushed],
      [removed, latest],
    ] as const) {
      push(name, of);
      tag(name, of);
    }
    at(0, "php docker.io.library.web.1");
    at(168, "php docker.io.library.web.1");
    expect(listed()).toBe(`${copied} ${unused}\nswarm-farm/php ${unused}\n${removed} ${latest}\n`);
  });

  test("does not list an image that was pushed again: its service may be about to start", () => {
    at(0);
    push("swarm-farm/php", unused, epoch + 167 * 3600);
    expect(at(168).calls).not.toContain(restart);
    at(335);
    expect(listed()).toBe(`swarm-farm/php ${unused}\n`);
  });

  test("does not restart the registry during a push, and continues after an abandoned one", () => {
    const upload = inRepository("swarm-farm/php", "_uploads", "some-id", "data");
    write(upload, "");
    at(0);
    expect(at(168).stdout).toMatch(/^an image is being pushed to the registry/);
    at(169);
    expect(listed()).toBeUndefined();
    const long = Date.now() / 1000 - 7200;
    for (const path of [upload, dirname(upload)]) utimesSync(path, long, long);
    at(170);
    at(338);
    expect(listed()).toBe(`swarm-farm/php ${unused}\n`);
  });

  test("asks again for a collection that was cut off", () => {
    write(join(volume, "collecting"), "");
    expect(at(0).calls).toContain(restart);
    expect(listed()).toBe("");
  });

  test("leaves the registry alone on a node that was demoted: it does not know the services", () => {
    const demoted = (hours: number) =>
      cleanUp(join(folder, "state"), epoch + hours * 3600, { images: {}, registry: { images: "php", volume } });
    demoted(0);
    expect(demoted(168)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(listed()).toBeUndefined();
  });

  test("prints nothing if the registry has no image yet", () => {
    rmSync(volume, { recursive: true });
    expect(at(168)).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });
});

describe("the registry's start", () => {
  const script = join(repository, "images", "registry", "start");

  function start(registry = "") {
    return runWith(`exec sh ${script}`, { "docker-registry": registry }, { env: { STORE: volume } });
  }

  const collect = "docker-registry garbage-collect /etc/docker/registry/config.yml";
  const serve = "docker-registry serve /etc/docker/registry/config.yml";

  test("serves at once where nothing is listed", () => {
    expect(start()).toMatchObject({ status: 0, calls: [serve] });
  });

  test("deletes the listed images and their tags, collects garbage, then serves", () => {
    tag("swarm-farm/php", unused);
    write(join(volume, "unused"), `swarm-farm/php ${unused}\n`);
    const { calls, stdout } = start();
    expect(calls).toEqual([collect, serve]);
    expect(stdout).toBe(`deleted swarm-farm/php@sha256:${unused}, which no service uses\n`);
    expect(existsSync(linkOf("swarm-farm/php", unused))).toBe(false);
    expect(existsSync(inRepository("swarm-farm/php", "_manifests", "tags", "signed"))).toBe(false);
    for (const of of [used, previous, pushed]) expect(existsSync(linkOf("swarm-farm/php", of))).toBe(true);
    expect(existsSync(linkOf("shop/php", unused))).toBe(true);
    expect(["unused", "collecting"].filter((file) => existsSync(join(volume, file)))).toEqual([]);
  });

  test("keeps the tag of another image, and an image that was pushed after it was listed", () => {
    write(join(volume, "unused"), `swarm-farm/php ${unused}\nswarm-farm/php ${used}\n`);
    const later = statSync(join(volume, "unused")).mtimeMs / 1000 + 1;
    push("swarm-farm/php", used, later);
    start();
    expect(existsSync(linkOf("swarm-farm/php", unused))).toBe(false);
    expect(existsSync(linkOf("swarm-farm/php", used))).toBe(true);
    expect(existsSync(inRepository("swarm-farm/php", "_manifests", "tags", "signed", "current", "link"))).toBe(true);
  });

  test("serves even if the collection fails, once, and leaves a marker", () => {
    write(join(volume, "unused"), `swarm-farm/php ${unused}\n`);
    expect(start('[ "$1" = serve ]')).toMatchObject({ status: 0, calls: [collect, serve] });
    expect(existsSync(join(volume, "collecting"))).toBe(true);
    expect(start().calls).toEqual([serve]);
  });
});
