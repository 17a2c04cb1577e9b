import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changedModule, changesOf } from "../../../../cli/setup/toolchain/changed-module";
import { pulumiHome } from "../../../../cli/setup/toolchain/homes";
import { setUpLibvirtProvider } from "../../../../cli/setup/toolchain/plugins";
import { moduleFolder, moduleHash } from "../../../../cli/setup/toolchain/sources";
import { programAt } from "../../../../cli/setup/tools/tools";
import { versions } from "../../../../cli/setup/tools/versions";
import { FakeFarm } from "../../../support/fake-farm";
import { buildsOf, fakeGo } from "../../../support/fake-go";

const found = { count: 3, areBuilt: true, notDownloaded: [] };

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
});

const folder = () =>
  join(
    pulumiHome(machine.context()),
    ...["dynamic_tf_plugins", "registry.opentofu.org", "dmacvicar", "libvirt", versions.libvirtProvider, "linux_amd64"],
  );
const source = () => join(folder(), ".swarm-farm");
const setUp = (areBuilt = true) => setUpLibvirtProvider(machine.step(), { ...found, areBuilt });

test("is built with the changed client, once", async () => {
  fakeGo(machine);
  await setUp();
  await setUp();
  expect(buildsOf(machine)).toHaveLength(1);
  expect(readFileSync(source(), "utf8")).toBe(`${moduleHash("libvirt")}\n`);
  const { edits, addedFiles } = changesOf("libvirt");
  const added = Object.values(addedFiles).map((file) => readFileSync(join(moduleFolder("libvirt"), file), "utf8"));
  const changed = `package provider\n${edits.map(({ replace }) => replace).join("")}`;
  expect(readFileSync(join(machine.home, "changed"), "utf8")).toBe([...added, changed].join(""));
});

test("is built again where it is of other sources, and where it is of a farm from before the changes", async () => {
  fakeGo(machine);
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), "terraform-provider-libvirt"), "");
  await setUp();
  writeFileSync(source(), "0123456789abcdef\n");
  await setUp();
  expect(buildsOf(machine)).toHaveLength(2);
});

test("an official plugin downloads its own", async () => {
  fakeGo(machine);
  await setUp(false);
  expect(buildsOf(machine)).toEqual([]);
});

const withGo = programAt("go", process.env) === undefined ? test.skip : test;

withGo(
  "the changed client neither hangs at the end of a stream nor where libvirt refuses an upload",
  async () => {
    const changed = mkdtempSync(join(tmpdir(), "changed-"));
    try {
      const modfile = await changedModule(machine.step({ environment: process.env }), "libvirt", changed);
      const argv = ["test", "-modfile", modfile, "./streams"];
      expect(execFileSync("go", argv, { cwd: moduleFolder("libvirt"), encoding: "utf8" })).toMatch(/^ok\s/);
    } finally {
      rmSync(changed, { recursive: true });
    }
  },
  300_000,
);
