import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { readContent, type PlacedFile } from "../../../stacks/lamp/content";
import { repository } from "../../../infra/images/content";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A content folder with these files; a number is a length. */
function folderOf(files: Readonly<Record<string, string | number>>): string {
  const folder = mkdtempSync(join(tmpdir(), "content-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "number" ? "x".repeat(content) : content);
  }
  return folder;
}

/** The problems of a folder with these files, which itself is written FOLDER. */
function problemsOf(files: Readonly<Record<string, string | number>>): string[] {
  const folder = folderOf(files);
  const { problems } = readContent("lamp.contentDir", folder, "/nowhere");
  return problems.map(({ path, message }) => `${path}: ${message.replaceAll(folder, "FOLDER")}`);
}

function texts(files: readonly PlacedFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, content }) => [path, content.toString()]));
}

const least = { "nginx/nginx.conf": "events {}", "site/index.php": "<?php" };

test("puts scripts into php and all other files into nginx, at the paths that each expects", () => {
  const more = { "site/css/a.css": "a {}", "site/css/deep/er.php": "<?php 1", "nginx/conf.d/x.conf": "#", README: "x" };
  const { files: content, problems } = readContent("lamp.contentDir", folderOf({ ...least, ...more }), "/nowhere");
  expect(problems).toEqual([]);
  expect(texts(content.scripts)).toEqual({ "/srv/www/css/deep/er.php": "<?php 1", "/srv/www/index.php": "<?php" });
  expect(texts(content.web)).toEqual({
    "/etc/nginx/conf.d/x.conf": "#",
    "/etc/nginx/nginx.conf": "events {}",
    "/srv/www/css/a.css": "a {}",
  });
});

test("a folder is found from the repository, or from the root; the shipped one is right", () => {
  const folder = folderOf(least);
  const absolute = readContent("lamp.contentDir", folder, "/nowhere");
  expect(readContent("lamp.contentDir", folder.slice(1), "/")).toEqual(absolute);
  const { files: content, problems } = readContent("lamp.contentDir", "stacks/lamp/content", repository);
  expect(problems).toEqual([]);
  expect([...content.web, ...content.scripts].map(({ path }) => path)).toEqual([
    "/etc/nginx/nginx.conf",
    "/srv/www/style.css",
    "/srv/www/database.php",
    "/srv/www/index.php",
    "/srv/www/session.php",
  ]);
});

test("ignores hidden files and folders, and backups of editors", () => {
  const hidden = { "site/.env": "x", "site/.git/config": "x", "site/a/.b/c.php": "x", "site/index.php~": "x" };
  const { files: content, problems } = readContent("lamp.contentDir", folderOf({ ...least, ...hidden }), "/nowhere");
  expect(problems).toEqual([]);
  expect([...content.web, ...content.scripts].map(({ path }) => path)).toEqual([
    "/etc/nginx/nginx.conf",
    "/srv/www/index.php",
  ]);
});

const noFolder = (part: string) =>
  `lamp.contentDir: is 'FOLDER'; FOLDER/${part} is no folder: it must have the folders site and nginx`;
const tooLarge = (file: string, size: number) =>
  `lamp.contentDir: has FOLDER/${file} with ${size} KiB; a Swarm config takes 500 KiB: put it into an image of your own (lamp.nginx.image)`;
const noConf = "lamp.contentDir: is 'FOLDER'; nginx/nginx.conf is missing in it";

test.each<[string, Record<string, string | number>, string[]]>([
  ["an empty folder", {}, [noFolder("site"), noFolder("nginx")]],
  ["no folder site", { "nginx/nginx.conf": "x" }, [noFolder("site")]],
  ["a file in a folder's place", { "nginx/nginx.conf": "x", site: "x" }, [noFolder("site")]],
  ["no nginx.conf", { "site/index.php": "x", "nginx/other.conf": "x" }, [noConf]],
  ["nginx.conf deeper down", { "site/index.php": "x", "nginx/a/nginx.conf": "x" }, [noConf]],
  ["a file too large", { ...least, "site/a.jpg": 512_001, "site/b.jpg": 512_000 }, [tooLarge("site/a.jpg", 501)]],
  ["a script too large", { ...least, "site/a.php": 1_048_576 }, [tooLarge("site/a.php", 1024)]],
  [
    "an empty file",
    { ...least, "site/robots.txt": "" },
    ["lamp.contentDir: has FOLDER/site/robots.txt, which is empty; a Swarm config cannot be: remove it or fill it"],
  ],
])("reports %s", (_, files, problems) => {
  expect(problemsOf(files)).toEqual(problems);
});

test("reports a folder that does not exist", () => {
  expect(readContent("lamp.contentDir", "gone", "/nowhere").problems.map(({ message }) => message)).toEqual(
    ["site", "nginx"].map(
      (part) => `is 'gone'; /nowhere/gone/${part} is no folder: it must have the folders site and nginx`,
    ),
  );
});

test("accepts 200 files, and no more", () => {
  const files = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`site/${i}.html`, "x"])) as Record<string, string>;
  expect(problemsOf({ ...least, ...files(198) })).toEqual([]);
  expect(problemsOf({ ...least, ...files(199) })).toEqual(["lamp.contentDir: has 201 files; at most 200"]);
});

test("places every visible file once, with its content", () => {
  const segment = fc.stringMatching(/^[a-z0-9._~-]{1,6}$/).filter((text) => !/^\.+$/.test(text));
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `f-${parts.join("/d-")}`);
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 5 }), (paths) => {
      // A file and a folder cannot have one name.
      const apart = paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`)));
      const site = Object.fromEntries(apart.map((one) => [`site/${one}`, `content of ${one}`]));
      const { files: content } = readContent("lamp.contentDir", folderOf({ ...least, ...site }), "/nowhere");
      const seen = apart.filter((one) => one.split("/").every((part) => !part.startsWith(".") && !part.endsWith("~")));
      const expected = Object.fromEntries(seen.map((one) => [`/srv/www/${one}`, `content of ${one}`]));
      expect(texts([...content.web.slice(1), ...content.scripts])).toEqual({
        ...expected,
        "/srv/www/index.php": "<?php",
      });
    }),
    { numRuns: 30 },
  );
});
