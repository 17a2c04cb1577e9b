import { readFileSync } from "node:fs";
import { join } from "node:path";
import { forgetPending } from "../../../../cli/engine/steps/pending";
import { FakeFarm } from "../../../support/fake-farm";

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

/** Forgets what pends in a state; an import is written to a file. */
async function forget(deployment: object): Promise<void> {
  farm.program("pulumi", `case "$*" in "stack import") cat >$here/imported ;; esac`);
  await forgetPending(farm.context(), JSON.stringify({ version: 3, deployment }));
}

test("removes and names the pending operations of an interrupted run, and keeps the rest of the state", async () => {
  await forget({ manifest: { magic: "x" }, resources, pending_operations: pending });
  expect(JSON.parse(readFileSync(join(farm.home, "imported"), "utf8"))).toEqual({
    version: 3,
    deployment: { manifest: { magic: "x" }, resources },
  });
  expect(farm.printed).toBe("an interrupted run did not finish hello-converged, worker1-domain: done again\n");
});

test.each([
  ["no operation pends", { resources, pending_operations: [] }],
  ["the state does not name any", { resources }],
])("if %s, nothing is imported", async (_, deployment) => {
  await forget(deployment);
  expect(farm.calls).toEqual([]);
  expect(farm.printed).toBe("");
});
