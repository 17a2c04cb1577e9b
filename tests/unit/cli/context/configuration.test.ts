import { loadConfiguration, readableProblems, refused } from "../../../../cli/context/configuration";
import { FarmError } from "../../../../cli/base/errors";
import { ConfigError } from "../../../../infra/config/problem";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
});
afterEach(() => {
  farm.remove();
});

const load = () => loadConfiguration(farm.context());

test("./farm reads the same configuration as the program, without Pulumi", () => {
  farm.configure("config:\n  swarm-farm:nodes: { manager1: { role: manager }, worker1: { role: worker } }\n");
  expect(load()?.nodes).toMatchObject({ manager1: { role: "manager" }, worker1: { role: "worker" } });
  expect(farm.calls).toEqual([]);
});

test.each([
  ["is no YAML", "config: [\n", /^Pulumi\.dev\.yaml is not valid YAML: line \d+: /],
  ["is a list", "- a\n", /^Pulumi\.dev\.yaml must be a map with the key 'config'$/],
  [
    "has a list of keys",
    "config: [a]\n",
    /^Pulumi\.dev\.yaml: 'config' must be a map of keys such as 'swarm-farm:nodes'$/,
  ],
  ["has a key that does not exist", "config: { 'swarm-farm:nodez': {} }\n", /nodez/],
])("a file that %s fails the command with a reason", (_name, text, reason) => {
  farm.configure(text);
  expect(load).toThrow(FarmError);
  expect(load).toThrow(reason);
});

test("the error for a missing file lists the stacks that have one", () => {
  farm.write("Pulumi.lab.yaml", "config: {}\n");
  expect(load).toThrow(
    "there is no Pulumi.dev.yaml: copy Pulumi.dev.yaml and change what you like, or name another stack (lab)",
  );
});

test("all problems are reported at once, each with its key", () => {
  farm.configure(
    "config:\n  swarm-farm:nodes: { manager1: { role: boss }, m2: { role: manager, memoryMiB: -1 } }\n  swarm-farm:colour: red\n",
  );
  expect(load).toThrow(
    /the configuration has 3 problems:\n(?=[^]*nodes\.manager1\.role)(?=[^]*nodes\.m2\.memoryMiB)(?=[^]*colour)/,
  );
});

test.each([
  ["has an encrypted value that is not plain", "config: { 'swarm-farm:hello': { port: { secure: AAAB } } }\n"],
  ["takes keys from an environment", "environment: [lab]\nconfig: {}\n"],
])("a file that %s cannot be read without Pulumi", (_name, text) => {
  const nodes = "'swarm-farm:nodes': { manager1: { role: manager } }, ";
  farm.configure(text.replace("config: { ", `config: { ${nodes}`));
  expect(load()).toBeUndefined();
});

test("other problems of a file with an encrypted value are reported", () => {
  farm.configure("config: { 'swarm-farm:hello': { port: { secure: AAAB } }, 'swarm-farm:colour': red }\n");
  expect(load).toThrow(/(?=[^]*nodes)(?=[^]*colour)/);
  expect(load).not.toThrow(/hello/);
});

test("encrypted values have no problems that only Pulumi could see", () => {
  const problems = ["hosts.left.uri", "hosts.left", "hosts.lefty", "nodes"].map((path) => ({ path, message: "bad" }));
  expect(readableProblems({ secrets: ["hosts.left"] }, problems).map(({ path }) => path)).toEqual([
    "hosts.lefty",
    "nodes",
  ]);
});

test("an error of the configuration is a FarmError; other errors are unexpected", () => {
  const failing = (error: Error) => () =>
    refused(() => {
      throw error;
    });
  const problem = failing(new ConfigError([{ path: "a", message: "is bad" }]));
  expect(problem).toThrow(FarmError);
  expect(problem).toThrow("the configuration has 1 problem:\n  a: is bad");
  expect(failing(new TypeError("undefined"))).toThrow(TypeError);
});
