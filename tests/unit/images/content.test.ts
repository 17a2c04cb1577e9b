import { execSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { containerImage } from "../../../infra/images/container";
import { contentHash, contentHashIn, repository } from "../../../infra/images/content";
import { guestContent } from "../../../infra/images/guest-content";
import { guestImage, guestImages } from "../../../infra/images/guest";
import type { FarmImage, GuestImage } from "../../../infra/images/guest-image";
import { recipes, worker1 } from "../../support/samples";

function farmImageOf(image: GuestImage): FarmImage {
  if (image.kind !== "farm") throw new Error("it is no image of the farm's own");
  return image;
}

describe("contentHash", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "content-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(path: string, text = "same"): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  test("is sha256sum's of all files by name, whatever the alphabet of the person", () => {
    for (const name of ["a", "B", "a-b", "a.b", "_", "sub/c"]) write(`recipe/${name}`, name);
    const all = "find recipe -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16";
    expect(contentHashIn(folder, "recipe")).toBe(execSync(all, { cwd: folder, encoding: "utf8" }).trim());
  });

  test("follows names and content, and not where they lie", () => {
    write("recipe/a");
    const first = contentHashIn(folder, "recipe");
    write("elsewhere/recipe/a");
    expect(contentHashIn(join(folder, "elsewhere"), "recipe")).toBe(first);
    write("recipe/a", "other");
    write("elsewhere/recipe/b");
    const hashes = [first, contentHashIn(folder, "recipe"), contentHashIn(join(folder, "elsewhere"), "recipe")];
    expect(new Set(hashes).size).toBe(3);
  });

  test("leaves out documentation, and installed or built files", () => {
    write("recipe/a");
    const first = contentHashIn(folder, "recipe");
    for (const path of ["README.md", "node_modules/x/index.js", "dist/main.js"]) write(`recipe/${path}`);
    expect(contentHashIn(folder, "recipe")).toBe(first);
  });

  test("names files of the repository from its top", () => {
    expect(contentHash("images/guest", "images/build")).toBe(contentHashIn(repository, "images/build", "images/guest"));
  });
});

test.each([
  ["hello", ["stacks/hello/images/hello", "images/build"]],
  ["php", ["stacks/lamp/images/php", "images/build", "images/base"]],
])("the container image of %s is named by the content of all it is made of", (name, inputs) => {
  const hash = contentHash(...inputs);
  expect(containerImage(name, "/cache", recipes)).toEqual({
    name,
    key: hash,
    layout: `/cache/images/${name}-${hash}`,
    // Where no registry answers.
    reference: `localhost/swarm-farm/${name}:${hash}`,
    archive: `/cache/images/${name}-${hash}.tar.zst`,
  });
});

describe("guestImage", () => {
  test("finds the farm's own by its recipe", () => {
    const hash = guestContent(recipes);
    expect(guestImage({ kind: "farm" }, "/cache", recipes)).toMatchObject({
      key: hash,
      disk: `/cache/guest/${hash}/disk.qcow2`,
      kernel: `/cache/guest/${hash}/vmlinuz`,
      initrd: `/cache/guest/${hash}/initrd.img`,
      cmdline: expect.stringMatching(/(^| )console=ttyS0( |$)/),
    });
  });

  test("with another version is another", () => {
    expect(guestImage({ kind: "farm", version: "2026-11-23" }, "/cache", recipes)).toMatchObject({
      key: `${guestImage({ kind: "farm" }, "/cache", recipes).key}-2026-11-23`,
      name: "farm-2026-11-23",
      formerName: "8e826c36180201e0-2026-11-23",
    });
  });

  test("boots with the command line that the nodes of every farm have: libvirt's provider replaces a VM for another", () => {
    const { cmdline, cmdlineEmulated } = farmImageOf(guestImage({ kind: "farm" }, "/cache", recipes));
    // To change one, set it inside of the image, e.g. by sysctl.
    expect(cmdline).toBe(
      "console=ttyS0 root=/dev/vda rw quiet systemd.show_status=error net.ifnames=0 audit=0 lsm=landlock,yama",
    );
    expect(cmdlineEmulated).toBe("mitigations=off init_on_alloc=0 cryptomgr.notests");
  });

  test("is found once for all nodes that have the same", () => {
    const nodes = ["a", "b", "c"].map((name) => ({ ...worker1, name, image: { kind: "farm" as const } }));
    const images = guestImages({ nodes }, "/cache", recipes);
    expect([...images.keys()]).toEqual(["a", "b", "c"]);
    expect(new Set(images.values()).size).toBe(1);
  });

  test("names a cloud image by its checksum", () => {
    const config = { kind: "cloud", source: "https://example.org/a.qcow2", sha256: "0123456789abcdef".repeat(4) } as const;
    expect(guestImage(config, "/cache", recipes)).toEqual({ ...config, key: "0123456789abcdef", name: "0123456789abcdef" });
  });
});
