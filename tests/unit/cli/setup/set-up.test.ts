import { existsSync } from "node:fs";
import { join } from "node:path";
import { setup } from "../../../../cli/commands/setup";
import { setUpAll } from "../../../../cli/setup/set-up";
import { TestMachine } from "../../../support/cli-step";

let machine: TestMachine;
beforeEach(() => {
  machine = new TestMachine();
});
afterEach(() => {
  machine.remove();
});

test("a wrong configuration is refused first: within 2 s, with nothing touched and no program run", async () => {
  machine.write("Pulumi.dev.yaml", "config:\n  swarm-farm:nodes: { manager1: { role: boss } }\n");
  for (const program of ["dpkg-query", "apt-get", "pulumi", "virsh", "gpg"]) machine.program(program);
  const started = Date.now();
  await expect(setUpAll(machine.context())).rejects.toThrow("the configuration has 1 problem");
  expect(Date.now() - started).toBeLessThan(2000);
  expect([machine.said, machine.calls]).toEqual(["", []]);
  for (const folder of [".cache", ".config", ".local"]) expect(existsSync(join(machine.home, folder))).toBe(false);
});

test("a right one goes on to packages, whose failure ends it", async () => {
  machine.write("Pulumi.dev.yaml", "config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n");
  for (const program of ["dpkg-query", "apt-cache"]) machine.program(program, "exit 1");
  machine.program("apt-get", "echo 'E: locked' >&2; exit 100");
  await expect(setup.run(machine.context(), { arguments: [], options: {} })).rejects.toThrow("apt-get ended with 100");
  expect(machine.said).toMatch(/✗ packages +failed after 0 s\n {2}│ E: locked/);
  expect(machine.calls.filter((call) => !/^(dpkg|apt)/.test(call))).toEqual([]);
});
