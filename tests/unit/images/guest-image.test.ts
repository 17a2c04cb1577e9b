import { readFileSync } from "node:fs";
import { join } from "node:path";
import { guestImage } from "../../../infra/images/guest";
import { bootParameters, builtImage, cloudImage } from "../../../infra/images/guest-image";
import { repository } from "../../support/program";
import { recipes } from "../../support/samples";

const sha256 = "ab".repeat(32);

test("a cloud image is named by its checksum", () => {
  const key = "abababababababab";
  expect(cloudImage({ source: "/images/debian.qcow2", sha256 })).toEqual({
    kind: "cloud",
    source: "/images/debian.qcow2",
    sha256,
    key,
    name: key,
  });
});

test("an image that ./farm setup built is found in its folder, and named by it", () => {
  expect(builtImage("/cache/guest/0123456789abcdef-2026")).toMatchObject({
    kind: "farm",
    name: "0123456789abcdef-2026",
    key: "0123456789abcdef-2026",
    disk: "/cache/guest/0123456789abcdef-2026/disk.qcow2",
    kernel: "/cache/guest/0123456789abcdef-2026/vmlinuz",
    initrd: "/cache/guest/0123456789abcdef-2026/initrd.img",
  });
});

test("it boots as the recipe says", () => {
  const recipe = JSON.parse(readFileSync(join(repository, "images/guest/recipe.json"), "utf8")) as object;
  expect(recipe).toMatchObject(bootParameters());
});

test("this project's configuration leads to the same files, under a name that no recipe changes", () => {
  const image = guestImage({ kind: "farm", version: "2026" }, "/cache", recipes);
  expect(image).toEqual({
    ...builtImage(`/cache/guest/${image.key}`),
    name: "farm-2026",
    formerName: "8e826c36180201e0-2026",
  });
});
