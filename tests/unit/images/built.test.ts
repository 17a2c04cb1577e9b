import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ComposeBuild } from "../../../compose";
import { contextPaths } from "../../../infra/images/build-context";
import { builtImage, builtName } from "../../../infra/images/built";
import { recipes } from "../../support/samples";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "built-"));
  write("app/Dockerfile", "FROM scratch\n");
  write("app/a.txt", "a");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const build = (more: Partial<ComposeBuild> = {}): ComposeBuild => ({
  folder,
  context: "app",
  dockerfile: "app/Dockerfile",
  args: {},
  bases: [],
  at: { file: "compose.yaml", line: 3 },
  ...more,
});
const keyOf = (more: Partial<ComposeBuild> = {}) => builtImage("shop", build(more), "/cache", recipes).key;
const paths = () => contextPaths({ context: join(folder, "app"), dockerfile: join(folder, "app/Dockerfile") });

describe("the name in the registry", () => {
  const context = (path: string) => ({ context: path, dockerfile: join(path, "Dockerfile") });
  test.each<[Partial<ComposeBuild>, string]>([
    [{}, "shop_app"],
    [context("services/web-2"), "shop_services.web-2"],
    [context("."), "shop_image"],
    [{ args: { A: "1" } }, "shop_app_XXXXXX"],
    [{ target: "prod" }, "shop_app_XXXXXX"],
    [{ dockerfile: "app/Containerfile" }, "shop_app_XXXXXX"],
    [context("My App"), "shop_my-app_XXXXXX"],
    [context("services.web"), "shop_services-web_XXXXXX"],
    [context("image"), "shop_image_XXXXXX"],
    [context("-"), "shop_image_XXXXXX"],
  ])("%j is %s", (more, name) => {
    const found = builtName("shop", build(more));
    expect(found.replace(/_[0-9a-f]{6}$/, "_XXXXXX")).toBe(name);
    // A repository of one component, as registries take it.
    expect(found).toMatch(/^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/);
  });
});

describe("the key", () => {
  test("is the same for the same content in another folder, at another time and at another line", () => {
    const before = keyOf();
    utimesSync(join(folder, "app/a.txt"), 1, 1);
    expect(keyOf({ at: { file: "other.yaml", line: 9 } })).toBe(before);
  });

  test.each<[string, () => Partial<ComposeBuild> | undefined]>([
    ["a file's content", () => { write("app/a.txt", "b"); return undefined; }],
    ["a file's mode", () => { chmodSync(join(folder, "app/a.txt"), 0o755); return undefined; }],
    ["a link", () => { symlinkSync("a.txt", join(folder, "app/link")); return undefined; }],
    ["an empty folder", () => { mkdirSync(join(folder, "app/empty")); return undefined; }],
    ["the Dockerfile", () => { write("app/Dockerfile", "FROM scratch\nUSER 1\n"); return undefined; }],
    ["an argument", () => ({ args: { A: "1" } })],
    ["the target", () => ({ target: "prod" })],
    ["the farm's own image", () => ({ bases: [{ image: "swarm-farm/base", at: { file: "app/Dockerfile", line: 1 } }] })],
  ])("is another one after a change of %s", (_, change) => {
    const before = keyOf();
    expect(keyOf(change())).not.toBe(before);
  });

  test("does not change with ignored files", () => {
    write("app/.dockerignore", "*.log\n");
    const before = keyOf();
    write("app/x.log", "x");
    expect(keyOf()).toBe(before);
  });

  test("of a context that cannot be read is a message with its position", () => {
    expect(() => keyOf({ context: "gone" })).toThrow(
      /^compose\.yaml:3: the context 'gone' cannot be read: '.*gone': ENOENT; make it readable, or name it in \.dockerignore$/,
    );
  });
});

test("an image knows the layouts of the farm's own images, and the full names of others", () => {
  const bases = ["swarm-farm/base", "node:22"].map((image, i) => ({ image, at: { file: "app/Dockerfile", line: i } }));
  expect(builtImage("shop", build({ bases }), "/cache", recipes)).toMatchObject({
    name: "shop_app",
    layout: expect.stringMatching(/^\/cache\/images\/shop_app-[0-9a-f]{16}$/),
    bases: [
      {
        written: "swarm-farm/base",
        reference: "localhost/swarm-farm/base",
        layout: expect.stringMatching(/^\/cache\/images\/base-[0-9a-f]{16}$/),
      },
      { written: "node:22", reference: "docker.io/library/node:22", layout: undefined },
    ],
  });
});

describe("the ignore file", () => {
  beforeEach(() => {
    for (const path of ["app/src/a.ts", "app/src/a.log", "app/node_modules/x/index.js", "app/node_modules/keep/index.js"])
      write(path, "");
  });

  test("leaves out files and folders", () => {
    write("app/.dockerignore", "# comment\nnode_modules\n**/*.log\n.dockerignore\nDockerfile\n");
    expect(paths()).toEqual(["a.txt", "src", "src/a.ts"]);
  });

  test("includes files again that a later line names", () => {
    write("app/.dockerignore", "node_modules\n!node_modules/keep\n*.txt\n");
    expect(paths()).toEqual([".dockerignore", "Dockerfile", "node_modules/keep", "node_modules/keep/index.js", "src", "src/a.log", "src/a.ts"]);
  });

  test("of the Dockerfile wins, then that of buildah", () => {
    write("app/.dockerignore", "src\n");
    write("app/.containerignore", "node_modules\n");
    expect(paths()).toEqual(expect.arrayContaining(["src"]));
    write("app/Dockerfile.dockerignore", "*\n!a.txt\n");
    expect(paths()).toEqual(["a.txt"]);
  });
});
