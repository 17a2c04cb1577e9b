import { readFileSync } from "node:fs";
import { join } from "node:path";
import { forgetPending } from "../../../../cli/engine/steps/pending";
import { FakeFarm, printing } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
});
afterEach(() => {
  farm.remove();
});

const resources = [{ urn: "urn:pulumi:dev::swarm-farm::pulumi:pulumi:Stack::swarm-farm-dev", custom: false }];
const pending = [
  { resource: { urn: "urn:pulumi:dev::swarm-farm::command:local:Command::hello-converged" }, type: "creating" },
  { resource: { urn: "urn:pulumi:dev::swarm-farm::libvirt:index/domain:Domain::worker1-domain" }, type: "creating" },
];

/** A backend with a state; an import is written to a file. */
function stateIs(deployment: object): void {
  const text = JSON.stringify({ version: 3, deployment });
  farm.programs({
    pulumi: `case "$*" in "stack export") ${printing(text)}\n;; "stack import") cat >$here/imported ;; esac`,
  });
}

test("operations that an interrupted run left pending are removed and named, and the rest of the state stays", async () => {
  stateIs({ manifest: { magic: "x" }, resources, pending_operations: pending });
  await forgetPending(farm.context());
  expect(JSON.parse(readFileSync(join(farm.home, "imported"), "utf8"))).toEqual({
    version: 3,
    deployment: { manifest: { magic: "x" }, resources },
  });
  expect(farm.said).toBe("an interrupted run did not finish hello-converged, worker1-domain: done again\n");
});

test.each([
  ["no operation pends", { resources, pending_operations: [] }],
  ["the state does not name any", { resources }],
])("where %s nothing is imported", async (_, deployment) => {
  stateIs(deployment);
  await forgetPending(farm.context());
  expect(farm.calls).toEqual(["pulumi stack export"]);
  expect(farm.said).toBe("");
});
