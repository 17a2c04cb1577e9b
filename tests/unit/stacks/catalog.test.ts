import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { catalogOf, foldersWithoutStack } from "../../../stacks/catalog";
import { defineStack, recipesIn, type Stack } from "../../../stacks/contract";
import { stacks } from "../../../stacks/index";

const stack = (name: string, more: Partial<Stack> = {}): Stack => ({
  ...defineStack({ name, schema: z.strictObject({}).optional(), deploy: () => ({ services: [] }) }),
  ...more,
});

test("collects recipes and routes, the farm's own recipes among them", () => {
  const { recipes, routes } = catalogOf([
    stack("a", { images: recipesIn("/a", "web"), routes: { shop: { path: "/shop/" } } }),
    stack("b", { images: { job: "apps/job/image" } }),
  ]);
  expect(recipes).toEqual({
    base: "images/base",
    registry: "images/registry",
    web: "/a/images/web",
    job: "apps/job/image",
  });
  expect(routes).toEqual({ shop: { path: "/shop/" } });
});

test.each<[string, readonly Stack[], string]>([
  ["one name", [stack("a"), stack("a")], "two stacks have the name 'a'; rename the folder and the name of one of them"],
  [
    "a name of the farm's own keys",
    [stack("nodes")],
    "a stack has the name 'nodes', which is a key of the farm's own; rename the stack",
  ],
  [
    "one route",
    [stack("a", { routes: { shop: { path: "/" } } }), stack("b", { routes: { shop: { path: "/b/" } } })],
    "stack 'a' and stack 'b' both have the route 'shop'; rename it in one of them",
  ],
  [
    "one image",
    [stack("a", { images: { web: "/a" } }), stack("b", { images: { web: "/b" } })],
    "stack 'a' and stack 'b' both have the image 'web'; rename it in one of them",
  ],
  [
    "an image of the farm's own",
    [stack("a", { images: { registry: "/a" } })],
    "the farm and stack 'a' both have the image 'registry'; rename it in one of them",
  ],
  [
    "one key of rotate",
    [stack("a", { rotations: { login: "a" } }), stack("b", { rotations: { login: "b" } })],
    "stack 'a' and stack 'b' both have the key of rotate 'login'; rename it in one of them",
  ],
  [
    "one key of rotate that is the farm's",
    [stack("a", { rotations: { registry: "a" } })],
    "the farm and stack 'a' both have the key of rotate 'registry'; rename it in one of them",
  ],
])("stacks with %s are refused", (_, list, message) => {
  expect(() => catalogOf(list)).toThrow(message);
});

test.each([undefined, {}, { name: "a" }, { name: "a", schema: z.string() }])(
  "an entry that is no stack is refused: %p",
  (entry) => {
    expect(() => catalogOf([stack("a"), entry as unknown as Stack])).toThrow(
      "entry 2 of stacks/index.ts is no stack; export it from its folder with defineStack({ name, schema, deploy })",
    );
  },
);

test("a folder without a stack is named, one without code and the contract are not", () => {
  const folder = mkdtempSync(join(tmpdir(), "stacks-"));
  try {
    for (const name of ["a", "shop", "notes", "contract"]) mkdirSync(join(folder, name));
    for (const name of ["shop", "contract"]) writeFileSync(join(folder, name, "service.ts"), "export {};\n");
    expect(foldersWithoutStack([stack("a")], folder)).toEqual([
      'stacks/shop has no stack; export one from stacks/shop/index.ts with defineStack({ name: "shop", … }) and list it in stacks/index.ts',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every folder below stacks/ has a stack of its name", () => {
  expect(foldersWithoutStack(stacks)).toEqual([]);
});
