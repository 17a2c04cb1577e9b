import { chmodSync, existsSync } from "node:fs";
import { join, relative } from "node:path";
import { setup } from "../../../../cli/commands/setup";
import { setUpAll } from "../../../../cli/setup/set-up";
import { pluginFolder } from "../../../../cli/setup/toolchain/homes";
import { versions } from "../../../../cli/setup/tools/versions";
import { FakeFarm } from "../../../support/fake-farm";
import { buildsOf, fakeGo } from "../../../support/fake-go";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
});

test("refuses an invalid configuration first: within 2 s, without any change or program", async () => {
  machine.write("Pulumi.dev.yaml", "config:\n  swarm-farm:nodes: { manager1: { role: boss } }\n");
  for (const program of ["dpkg-query", "apt-get", "pulumi", "virsh", "gpg"]) machine.program(program);
  const started = Date.now();
  await expect(setUpAll(machine.context({ isolated: true }))).rejects.toThrow("the configuration has 1 problem");
  expect(Date.now() - started).toBeLessThan(2000);
  expect([machine.printed, machine.calls]).toEqual(["", []]);
  for (const folder of [".cache", ".config", ".local"]) expect(existsSync(join(machine.home, folder))).toBe(false);
});

test("a valid configuration continues with packages, whose failure ends setup", async () => {
  machine.write("Pulumi.dev.yaml", "config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n");
  for (const program of ["dpkg-query", "apt-cache"]) machine.program(program, "exit 1");
  machine.program("apt-get", "echo 'E: locked' >&2; exit 100");
  await expect(setup.run(machine.context(), { arguments: [], options: {} })).rejects.toThrow("apt-get ended with 100");
  expect(machine.printed).toMatch(/✗ packages +failed after 0 s\n {2}│ E: locked/);
  expect(machine.calls.filter((call) => !/^(dpkg|apt)/.test(call))).toEqual([]);
});

describe("on a machine that lacks only the images", () => {
  beforeEach(() => {
    machine.program("dpkg-query", "shift 2; for name; do printf 'ii \\t%s\\t1:10\\n' \"$name\"; done");
    machine.program(
      "pulumi",
      `case "$*" in
        version) echo v${versions.pulumi} ;;
        config*--json*) echo '{"swarm-farm:nodes":{"objectValue":{"manager1":{"role":"manager"}}}}' ;;
      esac`,
    );
    machine.program("gpg", 'case "$*" in *--output*) for last; do :; done; : >"$last" ;; esac');
    machine.program("gpgconf");
    const context = machine.context();
    for (const [name, version] of Object.entries(plugins)) machine.write(at(pluginFolder(context, name, version), "x"));
    const build = (to: string, file: string, text: string) =>
      `#!/bin/sh\nmkdir -p "$${to}" && echo '${text}' >"$${to}/manifest.json" && : >"$${to}/${file}"\n`;
    for (const [script, text] of [
      ["images/build", build("3", "layer", '{"layers":[{"digest":"a","size":1}]}')],
      ["images/guest/build.sh", build("1", "disk.qcow2", '{"os":"debian 13.2"}')],
    ] as const)
      chmodSync(machine.write(script, text), 0o755);
  });

  const plugins = { docker: versions.docker, command: versions.command, "terraform-provider": versions.terraform };
  const at = (...path: readonly string[]) => relative(machine.home, join(...path));
  const steps = () => [...machine.printed.matchAll(/^✓ (\S+(?: \S+)*)/gm)].map(([, name = ""]) => name);

  test.each([
    ["that is complete", "config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n"],
    ["with a value that only Pulumi decrypts", "config:\n  swarm-farm:nodes: { manager1: { role: { secure: AAAB } } }\n"],
  ])("runs all steps in order for a configuration %s", async (_, text) => {
    machine.write("Pulumi.dev.yaml", text);
    await expect(setUpAll(machine.context())).resolves.toMatchObject({ nodes: { manager1: { role: "manager" } } });
    const order = ["packages", "toolchain", "stack", "pasta", "images", "guest image"];
    expect(steps().map((line, index) => line.startsWith(order[index] ?? "-"))).toEqual(order.map(() => true));
    expect(machine.printed).toMatch(/^✓ stack +dev +0 s$/m);
    expect(machine.printed).toMatch(/^✓ guest image +debian 13\.2 /m);
    expect(machine.calls.filter((call) => /^(apt|go)/.test(call))).toEqual([]);
  });

  test("builds the docker plugin where a service asks for what the official one cannot set, and only there", async () => {
    machine.write("Pulumi.dev.yaml", "config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n  swarm-farm:stacks: { shop: { file: shop.yaml } }\n");
    fakeGo(machine);
    machine.program(
      "pulumi",
      `case "$*" in
        version) echo v${versions.pulumi} ;;
        'plugin install '*) for last; do :; done; cp -a "$last/." "$PULUMI_HOME/plugins/resource-docker-v${versions.docker}" ;;
      esac`,
    );
    machine.write("shop.yaml", "services:\n  web:\n    image: swarm-farm/hello\n");
    await setUpAll(machine.context());
    expect(steps()).not.toContain("docker plugin");
    machine.write("shop.yaml", "services:\n  web:\n    image: swarm-farm/hello\n    tty: true\n");
    machine.printed = "";
    await setUpAll(machine.context());
    expect(machine.printed).toMatch(/^✓ docker plugin +built for shop\.yaml:4: services\.web\.tty /m);
    machine.printed = "";
    await setUpAll(machine.context());
    expect(steps()).not.toContain("docker plugin");
    expect(buildsOf(machine)).toHaveLength(1);
  });

  test("refuses a wrong value that only Pulumi sees before it builds an image", async () => {
    machine.write("Pulumi.dev.yaml", "environment: [lab]\nconfig: {}\n");
    machine.program("pulumi", `case "$*" in version) echo v1 ;; config*--json*) echo '{}' ;; esac`);
    await expect(setUpAll(machine.context())).rejects.toThrow("nodes: is missing");
    expect(machine.printed).not.toContain("images");
  });
});
