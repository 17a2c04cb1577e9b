import * as pulumi from "@pulumi/pulumi";
import { Cleanup } from "../../infra/cleanup/cleanup";
import { parseConfig } from "../../stacks/config";
import { Authority } from "../../infra/keys/authority";
import { planFarm } from "../../infra/net/plan";
import { Puller } from "../../infra/registry/puller";
import { registriesOf, Registry } from "../../infra/registry/registry";
import { Swarm } from "../../infra/swarm/swarm";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { farmOf, folders, recipes } from "../support/samples";
import { syntaxError } from "../support/sh";

let resources: Registered[];

beforeAll(async () => {
  resources = await record(() => {
    const raw = withNames("manager1", "worker1");
    const farm = farmOf(raw);
    const authority = new Authority("authority", { farm: "dev", rotation: 1 });
    const puller = new Puller("registry-login", 1);
    const registries = registriesOf(planFarm(parseConfig(raw), "dev"), puller);
    const swarm = new Swarm("swarm", { farm, registries, authority: pulumi.output("authority") });
    const registry = new Registry("registry", { swarm, folders, recipes, authority, puller });
    registry.image("php");
    registry.image("hello");
    new Cleanup("cleanup", { farm, swarm, registry, afterHours: 168 });
  });
});

test("every node has a cleanup of its own, with or without `up`", () => {
  expect(listing(resources.filter(({ parent }) => parent === "cleanup"))).toEqual([
    "cleanup > manager1-cleanup: command:remote:Command",
    "cleanup > worker1-cleanup: command:remote:Command",
  ]);
});

test("is installed once the node's Docker answers, again on a recreated node, and deleted with the node", () => {
  const { inputs, dependsOn, deletedWith } = find(resources, "worker1-cleanup");
  expect(dependsOn).toContain("worker1-report");
  expect(deletedWith).toBe("worker1-domain");
  expect(inputs.triggers).toEqual(["worker1-domain-id"]);
  expect(inputs.create).toContain("systemctl -q enable --now swarm-farm-cleanup.timer");
  expect(inputs.delete).toContain("systemctl -q disable --now swarm-farm-cleanup.timer");
});

test("only the registry's node cleans up the registry, and has the list of pushed images", () => {
  expect(find(resources, "manager1-cleanup").inputs.create).toContain(
    `SETTINGS='UNUSED_HOURS=168\nREGISTRY_IMAGES="hello php"\n'`,
  );
  expect(find(resources, "worker1-cleanup").inputs.create).toContain("SETTINGS='UNUSED_HOURS=168\n'");
  expect(find(resources, "worker1-cleanup").inputs.create).not.toContain('REGISTRY_IMAGES="');
});

test.each(["create", "delete"])("its %s is well-formed", (text) => {
  expect(syntaxError(find(resources, "manager1-cleanup").inputs[text] as string)).toBe("");
});
