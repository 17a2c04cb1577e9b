import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../../infra/images/content";
import { recipeFolder } from "../../../infra/images/recipe";

/** What `images/recipe` prints. */
function fromBuild(name: string, top = repository): { readonly folder: string; readonly stderr: string } {
  const { stdout, stderr } = spawnSync(join(top, "images", "recipe"), [name], { encoding: "utf8" });
  return { folder: stdout.trim(), stderr };
}

test.each([
  ["base", "images/base"],
  ["steward", "apps/steward/image"],
  ["visualizer", "apps/visualizer/image"],
  ["exporter", "apps/exporter/image"],
])("the recipe of %s is found in %s, by the program and by the build", (name, folder) => {
  expect(recipeFolder(name)).toBe(folder);
  expect(fromBuild(name).folder).toBe(join(repository, folder));
});

describe("a stack's image", () => {
  let top = "";
  const recipe = (...folder: string[]) => {
    mkdirSync(join(top, ...folder), { recursive: true });
    writeFileSync(join(top, ...folder, "Containerfile"), "FROM scratch\n");
  };
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), "recipe-"));
    recipe("apps", "agent", "image");
    recipe("stacks", "web", "images", "page");
    mkdirSync(join(top, "images"));
    cpSync(join(repository, "images", "recipe"), join(top, "images", "recipe"));
  });
  afterEach(() => {
    rmSync(top, { recursive: true });
  });

  test("is found in the stack's folder", () => {
    expect(recipeFolder("page", top)).toBe("stacks/web/images/page");
    expect(fromBuild("page", top).folder).toBe(join(top, "stacks/web/images/page"));
  });

  test("that has the name of another image is refused", () => {
    recipe("stacks", "web", "images", "agent");
    expect(() => recipeFolder("agent", top)).toThrow(
      "image 'agent' has more than one recipe: apps/agent/image, stacks/web/images/agent; rename one",
    );
    expect(fromBuild("agent", top).stderr).toContain("image 'agent' has 2 recipes, 1 is expected");
  });
});

test("an image without a recipe is named, with where one is expected", () => {
  expect(() => recipeFolder("nothing")).toThrow(
    "image 'nothing' has no recipe: a Containerfile is expected in images/nothing, apps/nothing/image or stacks/STACK/images/nothing",
  );
  expect(fromBuild("nothing").stderr).toContain("image 'nothing' has 0 recipes");
});
