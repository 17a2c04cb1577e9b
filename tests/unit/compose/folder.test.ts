import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../../../compose/model/folder";
import { inFolder } from "../../support/compose/stack-deploy";

const files = { "in/a": "a", "in/b/c": "c", "out/secret": "s" };

test.each([
  ["a", "file"],
  ["./a", "file"],
  ["b/../a", "file"],
  ["b/c", "file"],
  ["b", "folder"],
  [".", "folder"],
  ["..", "problem"],
  ["../out/secret", "problem"],
  ["b/../../out/secret", "problem"],
  ["/etc/passwd", "problem"],
  ["none", "problem"],
  ["a/b", "problem"],
  ["to-secret", "problem"],
  ["to-out/secret", "problem"],
  ["to-a", "file"],
  ["to-b/c", "file"],
  ["...", "problem"],
])("%s is a %s", async (path, kind) => {
  await inFolder(files, (root) => {
    const inside = join(root, "in");
    symlinkSync("../out/secret", join(inside, "to-secret"));
    symlinkSync(join(root, "out"), join(inside, "to-out"));
    symlinkSync("a", join(inside, "to-a"));
    symlinkSync(join(inside, "b"), join(inside, "to-b"));
    expect(new Folder(inside).read(path).kind).toBe(kind);
  });
});

test("a file is read as bytes", async () => {
  await inFolder(files, (root) => {
    chmodSync(join(root, "in/a"), 0o400);
    expect(new Folder(join(root, "in")).read("a")).toEqual({ kind: "file", bytes: Buffer.from("a") });
  });
});

test("the files below a folder are listed in order", async () => {
  await inFolder(files, (root) => {
    expect(new Folder(root).filesBelow("in")).toEqual(["in/a", "in/b/c"]);
  });
});

test.each([
  ["../out/secret", "file", true],
  ["../out", "folder", true],
  ["..", "folder", true],
  ["a", "file", false],
  ["../..", "problem", true],
  ["../../a", "problem", true],
  ["to-etc", "problem", false],
  ["/etc", "problem", false],
])("%s is a %s in the project, and outside of the folder: %s", async (path, kind, isOutside) => {
  await inFolder(files, (root) => {
    symlinkSync("/etc", join(root, "in", "to-etc"));
    const folder = new Folder(join(root, "in"), root);
    expect(folder.readInProject(path).kind).toBe(kind);
    if (!path.startsWith("/")) expect(folder.isOutside(path)).toBe(isOutside);
  });
});

test("a project that the folder is not in is none", async () => {
  await inFolder(files, (root) => {
    const folder = new Folder(join(root, "in"), join(root, "out"));
    expect(folder.readInProject("../out/secret").kind).toBe("problem");
    expect(folder.readInProject("a").kind).toBe("file");
  });
});
