import fc from "fast-check";
import { askNode, askServices, parseNode, parseServices } from "../../../../cli/data-loss/facts";
import { FarmError } from "../../../../cli/base/errors";
import { FakeFarm, printing } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
});
afterEach(() => {
  farm.remove();
});

const volume = (Name: string, Labels?: Readonly<Record<string, string>> | null) => ({ Name, Labels });
const answer = (volumes: unknown, info: unknown) => `${JSON.stringify(volumes)}\n\n${JSON.stringify(info)}\n`;
const only = { Swarm: { ControlAvailable: true, Managers: 1 } };

test("lists named volumes in order, without anonymous ones, which end with their task", () => {
  const volumes = [volume("b"), volume("a", null), volume("x", { "com.docker.volume.anonymous": "" })];
  expect(parseNode("worker1", answer({ Volumes: volumes }, only))).toEqual({ volumes: ["a", "b"], onlyManager: true });
});

test.each([
  [{ Swarm: { ControlAvailable: true, Managers: 3 } }, false],
  [{ Swarm: { ControlAvailable: false, Managers: 1 } }, false],
  [{ Swarm: {} }, false],
  [only, true],
])("a node that reports %j is the only manager: %p", (info, is) => {
  expect(parseNode("worker1", answer({ Volumes: null }, info))).toEqual({ volumes: [], onlyManager: is });
});

test("an answer that is cut off anywhere is refused, not read as fewer volumes", () => {
  const whole = answer({ Volumes: [volume("data"), volume("more")] }, only).trimEnd();
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      expect(() => parseNode("worker1", whole.slice(0, length))).toThrow();
    }),
  );
});

test.each([
  ["is cut off", `printf '{"Volumes":[{"Na'`, "docker on worker1: its answer to '/volumes' is cut off, or no JSON"],
  ["is of a newer Docker", printing(answer({ Volumes: { a: 1 } }, only)), "a form that this version does not know"],
  ["is none", "echo 'x' >&2; echo 'curl: (7) Failed to connect' >&2; exit 7", "curl: (7) Failed to connect"],
  ["has no reason", "exit 255", "ssh ended with 255"],
])("the volumes are unknown for a node whose answer %s", async (_, body, reason) => {
  farm.ssh(body);
  expect(await askNode(farm.context(), "worker1")).toContain(reason);
});

const service = (Name: string, Mounts?: readonly object[] | null) => ({
  ID: Name,
  Spec: { Name, Mode: { Global: {} }, TaskTemplate: { ContainerSpec: Mounts === undefined ? null : { Mounts } } },
});

test("services are listed by the volumes that they mount, without bind mounts and tmpfs", () => {
  const mounts = [{ Type: "volume", Source: "data" }, { Type: "bind", Source: "/etc" }, { Type: "tmpfs" }];
  const list = [service("mysql", mounts), service("backup", mounts.slice(0, 1)), service("web", null), service("job")];
  expect([...parseServices(JSON.stringify(list))]).toEqual([["data", ["mysql", "backup"]]]);
});

test("if no manager answers, no service is known", async () => {
  farm.ssh("exit 255");
  expect((await askServices(farm.context())).size).toBe(0);
});

test("an answer about services that cannot be parsed is an error", async () => {
  farm.ssh(`printf '[{"Spec"'`);
  await expect(askServices(farm.context())).rejects.toThrow(FarmError);
});
