import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { containerImage } from "../../../infra/images/container";
import { contentHash, repository } from "../../../infra/images/content";
import { guestContent } from "../../../infra/images/guest-content";
import { guestImage, guestImages, type FarmImage, type GuestImage } from "../../../infra/images/guest";
import { recipes, worker1 } from "../../support/samples";

function farmImageOf(image: GuestImage): FarmImage {
  if (image.kind !== "farm") throw new Error("it is no image of the farm's own");
  return image;
}

/** What setup/paths.sh says: `./farm setup` puts its files where that hash points. */
function hashOfSetup(folder: string): string {
  const call = 'REPO=$1; . "$REPO/setup/paths.sh"; content_hash "$REPO/$2"';
  return execFileSync("bash", ["-c", call, "bash", repository, folder], { encoding: "utf8" }).trim();
}

/** A configuration that asks for every one of these images. */
const all = JSON.stringify({ lamp: {}, loadbalancer: { software: "haproxy" } });

test.each(["hello", "registry", "nginx", "php", "mysql", "haproxy"])(
  "the image of %s lies where ./farm setup puts it",
  (name) => {
    const call = 'REPO=$1; . "$REPO/setup/paths.sh"; . "$REPO/setup/images.sh"; FARM_CACHE=/cache; CONFIGURATION=$3; image_layout "$2"';
    const layout = execFileSync("bash", ["-c", call, "bash", repository, name, all], { encoding: "utf8" });
    expect(containerImage(name, "/cache", recipes).layout).toBe(layout);
  },
);

describe("contentHash", () => {
  test.each(["stacks/hello/images/hello", "images/guest", "setup"])("of %s is what setup/paths.sh says", (folder) => {
    expect(contentHash(folder)).toBe(hashOfSetup(folder));
  });

  test("agrees on names that other alphabets sort otherwise, and follows name and content", () => {
    const folder = mkdtempSync(join(repository, "tests", "unit", "images", ".content-"));
    try {
      const name = relative(repository, folder);
      const hashes = ["a", "B", "a-b", "a.b", "_"].map((file) => {
        writeFileSync(join(folder, file), "same");
        expect(contentHash(name)).toBe(hashOfSetup(name));
        return contentHash(name);
      });
      writeFileSync(join(folder, "a"), "other");
      expect(new Set([...hashes, contentHash(name)]).size).toBe(6);
    } finally {
      rmSync(folder, { recursive: true });
    }
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

  test.each(["version", "updated"])("with another %s is another", (key) => {
    expect(guestImage({ kind: "farm", [key]: "2026-11-23" }, "/cache", recipes)).toMatchObject({
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
