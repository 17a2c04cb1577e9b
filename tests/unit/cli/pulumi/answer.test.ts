import fc from "fast-check";
import { isNoStack, pulumiAnswer, pulumiReason, resourcesOf } from "../../../../cli/pulumi/answer";
import { outputsIn, outputsOf } from "../../../../cli/pulumi/outputs";
import { nameOf, parseResources } from "../../../../cli/pulumi/state";
import { kinds, swarmNames, swarmObjects } from "../../../../cli/pulumi/swarm-objects";
import { FarmError } from "../../../../cli/base/errors";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  farm.set("PULUMI_CONFIG_PASSPHRASE_FILE", "/keys/passphrase");
});
afterEach(() => {
  farm.remove();
});

const there = "the farm 'dev' is not there: ./farm up builds it";

test.each([
  ["error: no stack named 'dev' found", there],
  ["error: no stack selected; please use `pulumi stack select`", there],
  ["error: unable to open state directory\nstat /x: no such file or directory", there],
  [
    "error: getting secrets manager: passphrase: incorrect passphrase",
    "the passphrase (/keys/passphrase) is not the one that stack 'dev' was made with: put the right one there",
  ],
  [
    "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
    "the passphrase of stack 'dev' is missing (/keys/passphrase): copy it from the machine that built the farm",
  ],
  ["warning: A new version of Pulumi is available\nerror: could not lock stack", "pulumi: could not lock stack"],
  ["panic: runtime error\n\ngoroutine 1 [running]:\nmain.go:1\n", "pulumi: main.go:1"],
  ["", "pulumi: "],
])("Pulumi's %j means: %s", (stderr, reason) => {
  expect(pulumiReason(farm.context(), stderr)).toBe(reason);
});

test("Pulumi's reason is one line, whatever it prints", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (lines) => {
      expect(pulumiReason(farm.context(), lines.join("\n")).trim()).not.toMatch(/\n/);
    }),
  );
});

test("a stack that does not exist differs from a backend that cannot be read", () => {
  expect(isNoStack("error: no stack named 'dev' found")).toBe(true);
  expect(isNoStack("error: unable to open state directory: permission denied")).toBe(false);
});

test("Pulumi runs in the repository, with the farm's environment", async () => {
  farm.set("PULUMI_STACK", "dev");
  farm.program("pulumi", 'echo "$PWD $PULUMI_STACK $*"');
  expect(await pulumiAnswer(farm.context(), "stack", "ls")).toBe(`${farm.home} dev stack ls\n`);
});

test("a machine without Pulumi is an error with the command that installs it", async () => {
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  try {
    await expect(pulumiAnswer(farm.context(), "stack")).rejects.toThrow("pulumi is not installed: ./farm setup");
  } finally {
    process.env.PATH = path;
  }
});

describe("a state", () => {
  const read = async (printed: string) => {
    farm.write("state", printed);
    farm.program("pulumi", 'cat "$here/state"');
    return resourcesOf(farm.context());
  };

  test.each(["{}", '{"deployment":null}', '{"deployment":{}}', '{"deployment":{"resources":null}}'])(
    "that holds %s has no resources",
    async (text) => {
      expect(await read(text)).toEqual([]);
    },
  );

  test("has empty inputs and outputs if they are left out", async () => {
    const [resource] = await read('{"deployment":{"resources":[{"urn":"u::a","type":"t","more":1}]}}');
    expect(resource).toEqual({ urn: "u::a", type: "t", inputs: {}, outputs: {} });
  });

  test.each([
    ['{"deployment":{"resources":[{"type":"t"}]}}', "(deployment.resources.0.urn: "],
    ['{"deployment":{"resources":{"u::a":{}}}}', "(deployment.resources: "],
    ['{"deployment":7}', "(deployment: "],
  ])("of a newer version, %s, is refused with the differing key and a remedy", async (text, where) => {
    const message = `the stack's state is of a form that this version does not know ${where}`;
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toThrow("use the version of swarm-farm that wrote it, or a newer one");
  });

  test("that is cut off anywhere is refused, not read as a smaller farm", () => {
    const resources = [{ urn: "urn:pulumi:dev::swarm-farm::t::a", type: "t", id: "1", outputs: { name: "ü" } }];
    const whole = JSON.stringify({ version: 3, deployment: { resources } });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(() => parseResources(whole.slice(0, length))).toThrow(FarmError);
      }),
    );
    expect(parseResources(whole)).toHaveLength(1);
  });

  test("has encrypted secrets by default", async () => {
    farm.program("pulumi", "echo '{}'");
    await resourcesOf(farm.context());
    await resourcesOf(farm.context(), { showSecrets: true });
    expect(farm.calls).toEqual(["pulumi stack export", "pulumi stack export --show-secrets"]);
  });
});

describe("outputs", () => {
  test.each([
    ["{}", "the farm 'dev' is not complete: ./farm up goes on"],
    ['{"nodes":[{"name":"a"}],"urls":{}}', "the farm 'dev' is not complete"],
    ['{"nodes":[', "the stack's outputs cannot be read: "],
  ])("that are %s are refused", async (text, message) => {
    farm.program("pulumi", `echo '${text}'`);
    await expect(outputsOf(farm.context())).rejects.toThrow(message);
  });

  test("of an older version have no users, labels, addresses and certificates; unknown keys are kept", async () => {
    const node = { name: "a", role: "manager", address: "10.0.0.1", zone: "x" };
    farm.program("pulumi", `echo '${JSON.stringify({ nodes: [node], urls: {} })}'`);
    const expected = { nodes: [{ ...node, labels: {} }], urls: {}, addresses: [], users: [], certificates: {} };
    expect(await outputsOf(farm.context())).toEqual(expected);
    const stack = { urn: "u::dev", type: "pulumi:pulumi:Stack", inputs: {}, outputs: { nodes: [node], urls: {} } };
    expect(outputsIn(farm.context(), [stack])).toEqual(expected);
  });

  test("of a state without them are refused", () => {
    expect(() => outputsIn(farm.context(), [])).toThrow("the farm 'dev' is not complete: ./farm up goes on");
  });
});

describe("an object that Pulumi created in the swarm", () => {
  const made = parseResources(
    JSON.stringify({
      deployment: {
        resources: [
          { urn: "u::hello", type: "docker:index/service:Service", id: "1", outputs: { name: "hello" } },
          { urn: "u::conf", type: "docker:index/serviceConfig:ServiceConfig", inputs: { name: "conf" } },
          { urn: "u::odd", type: "docker:index/secret:Secret", id: "3", outputs: { name: 7 } },
          { urn: "u::vm", type: "libvirt:index/domain:Domain", id: "4", outputs: { name: "vm" } },
        ],
      },
    }),
  );

  test("has a name once its creation began, and an id once it exists", () => {
    expect([...swarmNames(made)]).toEqual(["service hello", "config conf"]);
    expect(swarmObjects(made)).toEqual([{ kind: "service", name: "hello", id: "1" }]);
  });

  test("is removed in an order in which nothing is in use: services first", () => {
    expect(kinds[0]).toBe("service");
    expect(kinds.at(-1)).toBe("network");
  });

  test("has the name of its resource, whatever its type contains", () => {
    expect(
      nameOf("urn:pulumi:dev::swarm-farm::swarm-farm:libvirt:Vm$libvirt:index/domain:Domain::worker1-domain"),
    ).toBe("worker1-domain");
  });
});
