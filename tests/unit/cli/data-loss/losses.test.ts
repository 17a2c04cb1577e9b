import { parseNode, parseServices } from "../../../../cli/data-loss/facts";
import { deletedDisks, lossesOf, lossText } from "../../../../cli/data-loss/losses";
import { nodeStep } from "../../../support/preview";

const users = new Map([["mysql", ["lamp-mysql"]]]);
const node = (volumes: readonly string[], onlyManager = false) => ({ volumes, onlyManager });

test.each([
  ["delete", ["worker3"]],
  ["replace", ["worker3"]],
  ["delete-replaced", ["worker3"]],
  ["update", []],
  ["same", []],
])("a disk's %s", (op, nodes) => {
  expect(deletedDisks([nodeStep(op, "worker3", "disk"), nodeStep(op, "worker2", "domain")])).toEqual(nodes);
});

test.each([
  ["a volume in use", node(["mysql"]), ["volume 'mysql', used by service 'lamp-mysql'"]],
  ["one that is not", node(["old"]), ["volume 'old', not used by a service"]],
  ["the only manager", node([], true), ["the swarm's state: it is the only manager"]],
  ["no answer", "Connection timed out", ["its volumes cannot be seen: Connection timed out"]],
])("%s is lost", (_name, data, what) => {
  expect(lossesOf(new Map([["worker3", data]]), users)).toEqual([{ node: "worker3", what }]);
});

test("a node without volumes loses nothing", () => {
  expect(lossesOf(new Map([["worker1", node([])]]), users)).toEqual([]);
});

test("the message says what to do", () => {
  const text = lossText(lossesOf(new Map([["worker3", node(["mysql"])]]), users));
  expect(text).toMatch(/node 'worker3'.*\n.*'mysql'.*'lamp-mysql'\n.*backup.*--accept-data-loss worker3$/);
});

test("parses Docker's answers, without anonymous volumes", () => {
  const volumes = {
    Volumes: [
      { Name: "mysql", Labels: null },
      { Name: "f00", Labels: { "com.docker.volume.anonymous": "" } },
    ],
  };
  const info = { Swarm: { ControlAvailable: true, Managers: 1 } };
  expect(parseNode("worker1", `${JSON.stringify(volumes)}\n\n${JSON.stringify(info)}\n`)).toEqual(
    node(["mysql"], true),
  );
  const spec = {
    Name: "lamp-mysql",
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: { ContainerSpec: { Mounts: [{ Type: "volume", Source: "mysql" }, { Type: "tmpfs" }] } },
  };
  expect(parseServices(JSON.stringify([{ ID: "s", Spec: spec }]))).toEqual(users);
});
