import { join } from "node:path";
import { version } from "../../../../cli/commands/version";
import { FakeFarm, printed } from "../../../support/fake-farm";

let fake: FakeFarm;
beforeEach(() => {
  fake = new FakeFarm();
});
afterEach(() => {
  fake.remove();
});

/** Output of `./farm version`, a line each. */
async function lines(): Promise<string[]> {
  const environment = { ...fake.context().environment, PULUMI_HOME: join(fake.home, "home") };
  const text = await printed(() => version.run(fake.context({ environment }), { arguments: [], options: {} }));
  return text.trimEnd().split("\n");
}

test("prints the commit, Node.js, Pulumi, and each plugin by its folder", async () => {
  fake.program("git", "echo v0.3.0-4-g0123456789ab-dirty");
  fake.program("pulumi", "printf 'v3.259.0\\nwarning: a newer version is available\\n'");
  for (const name of ["resource-docker-v5.2.0", "resource-command-v1.2.1", "resource-libvirt-v0.6.0-alpha"])
    fake.write(`home/plugins/${name}/x`, "");
  // Pulumi's own files beside a plugin.
  for (const file of ["resource-docker-v5.2.0.lastused", "resource-command-v1.2.1.lock"])
    fake.write(`home/plugins/${file}`, "");
  expect(await lines()).toEqual([
    expect.stringMatching(/^swarm-farm +\d+\.\d+\.\d+ \(commit v0\.3\.0-4-g0123456789ab-dirty\)$/),
    expect.stringMatching(/^node +v\d+\./),
    expect.stringMatching(/^pulumi +v3\.259\.0$/),
    expect.stringMatching(/^plugin command +v1\.2\.1$/),
    expect.stringMatching(/^plugin docker +v5\.2\.0$/),
    expect.stringMatching(/^plugin libvirt +v0\.6\.0-alpha$/),
  ]);
});

test("works outside of a clone and before setup, and says how to install Pulumi", async () => {
  fake.program("git", "echo 'fatal: not a git repository' >&2; exit 128");
  fake.program("pulumi", "exit 127");
  expect(await lines()).toEqual([
    expect.stringMatching(/^swarm-farm +\d+\.\d+\.\d+$/),
    expect.stringMatching(/^node +v/),
    expect.stringMatching(/^pulumi +not installed: \.\/farm setup installs it$/),
  ]);
});
