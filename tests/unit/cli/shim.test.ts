import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository } from "../../support/program";

const home = mkdtempSync(join(tmpdir(), "shim-"));
const clone = join(home, "clone");
const shim = join(clone, "cli", "bin");

beforeAll(() => {
  const files = {
    [join(clone, "farm")]: '#!/bin/sh\necho "farm $*"\n',
    [join(clone, "Pulumi.yaml")]: "name: swarm-farm\n",
    [join(home, "tools", "pulumi")]: '#!/bin/sh\necho "pulumi $*"\n',
    [join(home, "own", "Pulumi.yaml")]: "name: own\n",
    [join(home, "own", "src", "index.ts")]: "",
    [join(clone, "examples", "own-program", "Pulumi.yaml")]: "name: own-program\n",
    [join(clone, "docs", "README.md")]: "",
    [join(home, "empty", "file")]: "",
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o755 });
  }
  mkdirSync(shim, { recursive: true });
  copyFileSync(join(repository, "cli", "bin", "pulumi"), join(shim, "pulumi"));
});

afterAll(() => {
  rmSync(home, { recursive: true });
});

test.each([
  ["the farm's folder", "clone", "farm pulumi up --yes"],
  ["a folder below it", "clone/docs", "farm pulumi up --yes"],
  ["a folder without a program", "empty", "farm pulumi up --yes"],
  ["another program", "own", "pulumi up --yes"],
  ["a folder of another program", "own/src", "pulumi up --yes"],
  ["a program within the farm's folder", "clone/examples/own-program", "pulumi up --yes"],
])("in %s", (_, folder, ran) => {
  const PATH = [shim, join(home, "tools"), process.env.PATH].join(":");
  const { stdout } = spawnSync("pulumi", ["up", "--yes"], { cwd: join(home, folder), encoding: "utf8", env: { PATH } });
  expect(stdout.trim()).toBe(ran);
});
