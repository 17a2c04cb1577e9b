import fc from "fast-check";
import { backup } from "../../../../cli/backup/backup";
import { FarmError } from "../../../../cli/base/errors";
import { askNode, askServices } from "../../../../cli/data-loss/facts";
import { askSwarm } from "../../../../cli/doctor/facts";
import { askSwarm as askConverged } from "../../../../cli/convergence/swarm";
import { dockerAnswer } from "../../../../cli/nodes/docker-answer";
import { Nodes } from "../../../../cli/nodes/docker-shapes";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm().built(["manager1"], ["worker1"]);
});
afterEach(() => {
  farm.remove();
});

const signal = new AbortController().signal;
const node = (Hostname: string) => ({
  ID: Hostname,
  Spec: { Role: "worker", Availability: "active" },
  Description: { Hostname },
  Status: { State: "ready" },
});

test.each([
  ["worker1", "./farm ssh worker1 journalctl -u docker"],
  ["any.manager", "./farm docker info"],
])("the error for a cut off answer of %s has the node, the request and what to do", (from, next) => {
  const whole = JSON.stringify([node("manager1"), node("worker1")]);
  const where = from === "any.manager" ? "a manager" : from;
  const message = `docker on ${where}: its answer to '/nodes' is cut off, or no JSON: try again; if that stays: ${next}`;
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      expect(() => dockerAnswer(Nodes, whole.slice(0, length), from, "/nodes")).toThrow(new FarmError(message));
    }),
  );
});

test("the error for an answer of another form has the first key that differs", () => {
  expect(() => dockerAnswer(Nodes, '[{"ID":"x","Spec":{"Role":7}}]', "worker1", "/nodes")).toThrow(
    new FarmError(
      "docker on worker1: its answer to '/nodes' has a form that this version does not know (0.Spec.Role: Invalid input: expected string, received number): ./farm support packs what a bug report needs",
    ),
  );
});

test("a refusal has Docker's message", () => {
  expect(() => dockerAnswer(Nodes, '{"message":"The swarm does not have a leader"}', "manager1", "/nodes")).toThrow(
    new FarmError("docker on manager1 refuses '/nodes': The swarm does not have a leader"),
  );
});

/** A cut-off answer to each question, whatever is asked. */
const cut = `printf '[{"Spec"\\n[{"Spec"\\n[{"Spec"\\n[{"Spec"\\n[{"Spec"'`;
const isCutOff = "is cut off, or no JSON: try again";

test("every command that queries Docker fails with this message, not with the parser's", async () => {
  farm.ssh(cut);
  const context = farm.context();
  expect(await askSwarm(context, signal)).toContain(`docker on a manager: its answer to '/nodes' ${isCutOff}`);
  expect(await askNode(context, "worker1")).toContain(`docker on worker1: its answer to '/volumes' ${isCutOff}`);
  for (const [asking, question] of [
    [askConverged, "/info"],
    [askServices, "/services"],
  ] as const)
    await expect(asking(context)).rejects.toThrow(`docker on a manager: its answer to '${question}' ${isCutOff}`);
});

test.each([
  ["docker info", `echo '{"Swarm": {'`, "true"],
  ["docker node ls", `echo '{"Swarm": {"Cluster": {"ID": "c"}}, "ServerVersion": "26.1.5"}'`, `echo '{"Hostname'`],
])("backup reports a cut off answer to '%s'", async (question, info, list) => {
  farm.ssh(`case $line in
    *role=manager*) echo 'Leader manager1' ;;
    *STOP*) cd "$here" && mkdir -p swarm && tar -c swarm ;;
    *'service ls'*) ;;
    *'docker info'*) ${info} ;;
    *'node ls'*) ${list} ;;
  esac`);
  await expect(backup(farm.context(), undefined)).rejects.toThrow(
    `docker on manager1: its answer to '${question}' ${isCutOff}`,
  );
});

test("doctor reports why a swarm without a leader does not answer, not the status of HTTP", async () => {
  // curl --fail hides the body.
  farm.ssh(`case $line in *'-fsS'*) exit 22 ;; *) echo '{"message":"The swarm does not have a leader"}' ;; esac`);
  expect(await askSwarm(farm.context(), signal)).toBe(
    "docker on a manager refuses '/nodes': The swarm does not have a leader",
  );
});
