import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../support/program";

/** The repository in a folder of its own, to which a stack is added as a person would. */
let clone: string;
beforeAll(() => {
  clone = join(mkdtempSync(join(tmpdir(), "broken stack-")), "clone");
  mkdirSync(join(clone, "bin"), { recursive: true });
  for (const each of ["cli", "compose", "infra", "stacks", "images"])
    cpSync(join(repository, each), join(clone, each), { recursive: true });
  for (const each of ["apps", "sdks", "node_modules", "package.json", "tsconfig.json", "Pulumi.yaml"])
    symlinkSync(join(repository, each), join(clone, each));
  // Nothing is installed for the tests.
  for (const program of ["apt-get", "dpkg-query", "npm"])
    writeFileSync(join(clone, "bin", program), "#!/bin/sh\nexit 9\n", { mode: 0o755 });
  writeFileSync(join(clone, "Pulumi.dev.yaml"), "config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n");
});
afterAll(() => {
  rmSync(join(clone, ".."), { recursive: true });
});

const list = readFileSync(join(repository, "stacks", "index.ts"), "utf8");

/** Runs `./farm ARGS…` with a stack `shop` of this source, which the list of stacks has or not; the lines that it prints. */
function farm(
  args: readonly string[],
  { shop, listed = true }: { shop?: string; listed?: boolean },
): readonly string[] {
  rmSync(join(clone, "stacks", "shop"), { recursive: true, force: true });
  if (shop !== undefined) {
    mkdirSync(join(clone, "stacks", "shop"));
    writeFileSync(join(clone, "stacks", "shop", "index.ts"), shop);
  }
  const withShop = `import { shop } from "./shop/index";\n${list.replace("const own = [hello, ", "const own = [hello, shop, ")}`;
  expect(withShop).toContain("[hello, shop, ");
  writeFileSync(join(clone, "stacks", "index.ts"), listed ? withShop : list);
  const tsx = join(repository, "node_modules/tsx/dist/cjs/index.cjs");
  const { status, stderr } = spawnSync("node", [`--require=${tsx}`, join(clone, "cli/main.ts"), ...args], {
    encoding: "utf8",
    env: {
      PATH: `${join(clone, "bin")}:${join(process.execPath, "..")}:${process.env.PATH ?? ""}`,
      HOME: join(clone, "home"),
      TSX_TSCONFIG_PATH: join(clone, "tsconfig.json"),
    },
  });
  expect(status).toBe(1);
  return stderr.trimEnd().split("\n");
}

const noStack =
  "farm: entry 2 of stacks/index.ts is no stack; export it from its folder with defineStack({ name, schema, deploy })";

test.each([
  ["without a contract", 'export const shop = { name: "shop" };', noStack],
  ["that exports nothing of that name", "export const shoop = 1;", noStack],
  [
    "with a name of another one",
    'import { hello } from "../hello/index";\nexport const shop = { ...hello };',
    "farm: two stacks have the name 'hello'; rename the folder and the name of one of them",
  ],
])("a stack %s is one message", (_, shop, message) => {
  expect(farm(["stack", "list"], { shop })).toEqual([message]);
});

test("a stack of the list without a folder is one line that names it", () => {
  expect(farm(["stack", "list"], {})).toEqual([
    expect.stringMatching(/^farm: unexpected Error: Cannot find module '\.\/shop\/index'; its stack is in /),
  ]);
});

test("a folder of a stack that the list lacks is named before anything is installed", () => {
  const lines = farm(["setup"], { shop: "export const shop = 1;", listed: false });
  expect(lines[0]).toMatch(/stacks\/shop has no stack; export one from stacks\/shop\/index\.ts with defineStack/);
  expect(lines.join("\n")).toContain("✗ packages");
});
