import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { changedSource, changesOf } from "../../../../cli/setup/toolchain/changed-module";
import { hasBuiltDockerPlugin, pluginFolder } from "../../../../cli/setup/toolchain/homes";
import { replaceDockerPlugin } from "../../../../cli/setup/toolchain/plugins";
import { versions } from "../../../../cli/setup/tools/versions";
import { FakeFarm } from "../../../support/fake-farm";
import { buildsOf, editedFiles, fakeGo, fakePulumi } from "../../../support/fake-go";

const tty = "shop.yaml:4: services.web.tty";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
  fakeGo(machine);
  machine.program("pulumi", fakePulumi);
  mkdirSync(pluginFolder(machine.context(), "docker", versions.docker), { recursive: true });
});
afterEach(() => {
  machine.remove();
});

test("the plugin that is built here replaces the official one in the farm's own Pulumi home", async () => {
  expect(hasBuiltDockerPlugin(machine.context())).toBe(false);
  await expect(replaceDockerPlugin(machine.step(), [tty, "shop.yaml:9: services.db.ulimits"])).resolves.toBe(`built for ${tty}`);
  expect(hasBuiltDockerPlugin(machine.context())).toBe(true);
  expect(buildsOf(machine)).toHaveLength(1);
});

test("a Pulumi home that other projects use keeps the official one", async () => {
  machine.set("PULUMI_HOME", join(machine.home, "theirs"));
  await expect(replaceDockerPlugin(machine.step(), [tty])).rejects.toThrow(
    `${tty} needs the docker plugin that is built here, and PULUMI_HOME (${machine.home}/theirs) has the official one; unset PULUMI_HOME`,
  );
  expect(existsSync(join(machine.home, "builds"))).toBe(false);
});

test("it is built from changed sources, beside a file that they call, and each edit applies exactly once", async () => {
  await replaceDockerPlugin(machine.step(), [tty]);
  const { edits, addedFiles } = changesOf("bridge");
  const added = Object.values(addedFiles).map((file) => readFileSync(join("offline", "toolchain", "bridge", file), "utf8"));
  const changed = [...editedFiles("bridge").values()].map((of) => `package provider\n${of.map(({ replace }) => replace).join("")}`);
  expect(readFileSync(join(machine.home, "changed"), "utf8")).toBe([...changed, ...added].join(""));
  for (const edit of edits) {
    expect(changedSource(`a\n${edit.find}b\n`, edit)).toBe(`a\n${edit.replace}b\n`);
    for (const source of ["", edit.find + edit.find]) expect(() => changedSource(source, edit)).toThrow("go.mod pins");
  }
});
