import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { SwarmConfig } from "../../infra/service/config";
import { SwarmNetwork } from "../../infra/service/network";
import { SwarmSecret } from "../../infra/service/secret";
import { SwarmService } from "../../infra/service/service";
import { Swarm } from "../../infra/swarm/swarm";
import type { SwarmTarget } from "../../infra/swarm/target";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";

const host = "ssh://root@10.0.0.5";
const existing = (changes: Partial<Parameters<typeof Swarm.fromExisting>[1]> = {}) =>
  Swarm.fromExisting("there", { host, ...changes });
const spec = { image: "web:1", mode: { replicas: 2 } } as const;

describe("a swarm that the program did not make", () => {
  let swarm: SwarmTarget;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      swarm = existing({
        sshOptions: ["-i", "/key"],
        registries: [{ address: "r:5000", username: "u", password: "p" }],
      });
      new SwarmService("web", { swarm, spec });
    });
  });

  test("is a provider and the question for its id", () => {
    expect(listing(resources.filter(({ name }) => name.startsWith("there")))).toEqual([
      "there > there-cluster: command:local:Command",
      "there > there-docker: pulumi:providers:docker",
      "there: swarm-farm:swarm:ExistingSwarm",
    ]);
    const { inputs } = find(resources, "there-docker");
    expect(inputs).toMatchObject({ host, sshOpts: JSON.stringify(["-i", "/key"]) });
    expect(find(resources, "there-cluster").inputs).toMatchObject({
      create: expect.stringMatching(
        /^exec ssh -o BatchMode=yes -i \/key root@10\.0\.0\.5 'HOST=ssh:\/\/root@10\.0\.0\.5\n/,
      ),
      triggers: [host],
    });
    expect(find(resources, "there-cluster").inputs.delete).toBeUndefined();
  });

  test("a service is deleted by an API call, since the swarm stays", async () => {
    expect(find(resources, "web-service")).toMatchObject({
      provider: "there-docker",
      dependsOn: ["there-cluster"],
      deletedWith: "",
      replacementTrigger: "stdout of there-cluster",
      inputs: { name: "web", labels: [{ label: "swarm-farm.made-by", value: "swarm-farm/dev" }] },
    });
    expect(find(resources, "web-converged").inputs.create).toMatch(/^exec ssh .* root@10\.0\.0\.5 'SERVICE=web\n/);
    expect(await valueOf(swarm.clusterId)).toBe("stdout of there-cluster");
    expect(swarm.pullRotation).toBe(1);
  });
});

test("scripts run by the program's own command where it gives one", async () => {
  const resources = await record(() => existing({ command: ["vagrant", "ssh", "m1", "-c"] }));
  expect(find(resources, "there-cluster").inputs.create).toMatch(/^exec vagrant ssh m1 -c 'HOST=/);
});

test("another login to a registry updates its services", async () => {
  const registries = [{ address: "r:5000", username: "u", password: "p", rotation: 3 }];
  const resources = await record(() => new SwarmService("web", { swarm: existing({ registries }), spec }));
  expect(find(resources, "web-service").inputs.labels).toContainEqual({
    label: "swarm-farm.registry-login",
    value: "3",
  });
});

test("a host in another form is refused before anything is made", async () => {
  const made = await record(() => {
    expect(() => existing({ host: "10.0.0.5" })).toThrow("docker host '10.0.0.5' has another form");
  });
  expect(made.filter(({ type }) => !type.startsWith("swarm-farm:"))).toEqual([]);
});

describe("an existing object of a swarm", () => {
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      const swarm = existing();
      const network = SwarmNetwork.fromName("front", { swarm, name: "traefik" });
      const config = SwarmConfig.fromName("page", { swarm, name: "page-1" });
      const secret = SwarmSecret.fromName("password", { swarm, name: "db-password" });
      new SwarmService("web", {
        swarm,
        spec: {
          ...spec,
          networks: [network],
          configs: [{ config, target: "/www/index.html" }],
          secrets: [{ secret, target: "password", uid: 33 }],
        },
      });
    });
  });

  test("is looked up by its name on a manager, and never deleted", () => {
    for (const [name, kind, called] of [
      ["front", "network", "traefik"],
      ["page", "config", "page-1"],
      ["password", "secret", "db-password"],
    ] as const) {
      const { type, inputs, dependsOn } = find(resources, name);
      expect([type, inputs.delete, dependsOn]).toEqual(["command:local:Command", undefined, ["there-cluster"]]);
      expect(inputs.create).toContain(`KIND=${kind}\nNAME=${called}\n`);
      expect(inputs.triggers).toEqual(["stdout of there-cluster", called]);
    }
  });

  test("is used by a service like the program's own", () => {
    const { taskSpec } = find(resources, "web-service").inputs;
    expect(taskSpec).toMatchObject({
      networksAdvanceds: [{ id: "stdout of front" }],
      containerSpec: {
        configs: [{ configId: "stdout of page", configName: "page-1", fileName: "/www/index.html" }],
        secrets: [{ secretId: "stdout of password", secretName: "db-password", fileName: "password" }],
      },
    });
  });
});

describe("networks, configs and secrets of a program", () => {
  const make = async (content: pulumi.Input<string>, version: string) => {
    const all = await record(() => {
      const swarm = existing();
      new SwarmNetwork("web", { swarm, options: { encrypted: "" } });
      new SwarmConfig("page", { swarm, content });
      new SwarmSecret("password", { swarm, value: "plain", version });
    });
    return all.filter(({ type }) => type.startsWith("docker:"));
  };

  test("are the provider's, named by resource, content and version, with the program's label", async () => {
    const labels = [{ label: "swarm-farm.made-by", value: "swarm-farm/dev" }];
    expect((await make("hello", "1")).map(({ inputs }) => inputs)).toEqual([
      { name: "page-2cf24dba5fb0", data: "aGVsbG8=", labels },
      { name: "password-1", data: { secret: "cGxhaW4=" }, labels },
      { name: "web", driver: "overlay", options: { encrypted: "" }, labels },
    ]);
  });

  test("another content or version is another name; a content that is an output counts like any other", async () => {
    const named = async (content: pulumi.Input<string>, version: string) =>
      (await make(content, version)).map(({ inputs }) => inputs.name);
    expect(await named("other", "2")).toEqual(["page-d9298a10d1b0", "password-2", "web"]);
    expect(await named(pulumi.output("hello"), "1")).toEqual(await named("hello", "1"));
  });

  test("depend on the manager, and are created before the old one is deleted", async () => {
    for (const resource of await make("hello", "1"))
      expect(resource).toMatchObject({
        provider: "there-docker",
        dependsOn: ["there-cluster"],
        deletedWith: "",
        replacementTrigger: "stdout of there-cluster",
        deleteBeforeReplace: false,
        ignoreChanges: resource.inputs.options ? ["labels", "options"] : ["labels"],
      });
  });

  test("take another provider, parent and dependencies from their options", async () => {
    const resources = await record(() => {
      const swarm = existing();
      const provider = new docker.Provider("mine", { host: "ssh://other" });
      const parent = new pulumi.ComponentResource("own:index:Site", "site");
      const first = new SwarmNetwork("first", { swarm });
      new SwarmNetwork("web", { swarm }, { provider, parent, dependsOn: first, aliases: [{ name: "old" }] });
    });
    expect(find(resources, "web")).toMatchObject({
      provider: "mine",
      parent: "site",
      dependsOn: ["first", "there-cluster"],
      aliases: ["old"],
    });
  });
});
