import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import { cloudImage, type GuestImage } from "../../infra/images/guest-image";
import { Farm, type FarmArgs } from "../../infra/libvirt/farm";
import { farmPlan } from "../../infra/net/farm-plan";
import { SwarmService } from "../../infra/service/service";
import { Swarm, type SwarmArgs } from "../../infra/swarm/swarm";
import { find, record, type Registered } from "../support/mocks";
import { farmImage, folders } from "../support/samples";

const nodes = { manager1: { role: "manager" }, worker1: { role: "worker" } } as const;
const plan = farmPlan("shop", { nodes });
const farm = (args: Partial<FarmArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Farm("farm", { plan, images: farmImage, folders, ...args }, opts);
const swarmOf = (args: Partial<SwarmArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Swarm("swarm", { farm: farm(), ...args }, opts);
const spec = { image: "web:1", mode: { replicas: 2 } } as const;

/** The types of those resources of a package that another provider makes. */
function foreign(resources: readonly Registered[], kind: string, provider: string): string[] {
  return resources
    .filter((each) => each.type.startsWith(`${kind}:`) && each.provider !== provider)
    .map(({ name }) => name);
}

describe("the usual options of Pulumi reach the children", () => {
  test("a libvirt provider makes everything on every hypervisor, and no other one is made", async () => {
    const resources = await record(() => {
      const provider = new libvirt.Provider("mine", { uri: "qemu:///session" });
      farm({}, { providers: [provider] });
    });
    expect(resources.filter(({ type }) => type === "libvirt:index/domain:Domain")).toHaveLength(2);
    expect(foreign(resources, "libvirt", "mine")).toEqual([]);
    expect(resources.filter(({ type }) => type === "pulumi:providers:libvirt").map(({ name }) => name)).toEqual([
      "mine",
    ]);
  });

  test("a provider for commands runs all of them", async () => {
    const resources = await record(() => {
      const providers = [new command.Provider("mine", {})];
      const made = farm({}, { providers });
      new SwarmService("web", { swarm: new Swarm("swarm", { farm: made }, { providers }), spec }, { providers });
    });
    expect(resources.filter(({ type }) => type.startsWith("command:")).length).toBeGreaterThan(10);
    expect(foreign(resources, "command", "mine")).toEqual([]);
  });

  test("a Docker provider is used for the swarm, or for one service", async () => {
    const resources = await record(() => {
      const mine = new docker.Provider("mine", { host: "ssh://a" });
      const swarm = swarmOf({}, { providers: [mine] });
      new SwarmService("web", { swarm, spec });
      new SwarmService("api", { swarm, spec }, { provider: new docker.Provider("its", { host: "ssh://b" }) });
    });
    expect(resources.filter(({ type }) => type === "pulumi:providers:docker").map(({ name }) => name)).toEqual([
      "its",
      "mine",
    ]);
    expect([find(resources, "web-service").provider, find(resources, "api-service").provider]).toEqual(["mine", "its"]);
  });

  test("a parent is the component's, whose children are below it; transformations change each of them", async () => {
    const seen = new Set<string>();
    const transformations: pulumi.ResourceTransformation[] = [
      ({ name }) => {
        seen.add(name);
        return undefined;
      },
    ];
    const resources = await record(() => {
      const parent = new pulumi.ComponentResource("own:index:Shop", "all");
      const made = farm({}, { parent, transformations });
      const swarm = new Swarm("swarm", { farm: made }, { parent, transformations });
      new SwarmService("web", { swarm, spec }, { parent, transformations });
    });
    expect(["farm", "swarm", "web"].map((name) => find(resources, name).parent)).toEqual(["all", "all", "all"]);
    const made = resources.filter(({ name, parent }) => name !== "all" && parent !== "all").map(({ name }) => name);
    expect(made.filter((name) => !seen.has(name))).toEqual([]);
  });

  test("creates no child of a component before the component's dependencies", async () => {
    const order: string[] = [];
    const resources = await record(() => {
      const first = new command.local.Command("first", { create: "true" });
      const swarm = swarmOf();
      const web = new SwarmService("web", { swarm, spec }, { dependsOn: first });
      void web.id.apply(() => order.push("web"));
      void first.id.apply(() => order.push("first"));
    });
    expect(find(resources, "web").dependsOn).toEqual(["first"]);
    expect(order).toEqual(["first", "web"]);
  });

  test("passes an alias to the component", async () => {
    const resources = await record(() => {
      new SwarmService("web", { swarm: swarmOf(), spec }, { aliases: [{ name: "site" }] });
    });
    expect(find(resources, "web").aliases).toEqual(["site"]);
  });
});

describe("transform", () => {
  test("changes the resources of each hypervisor and VM", async () => {
    const resources = await record(() =>
      farm({
        transform: {
          pool: { target: { path: "/srv/pool" } },
          network: (args) => {
            args.mtu = 1400;
          },
          domain: (args, opts, name) => {
            args.description = name;
            opts.protect = true;
          },
          disk: { pool: "fast" },
          seed: { pool: "fast" },
        },
      }),
    );
    expect(find(resources, "local-pool").inputs.target).toEqual({ path: "/srv/pool" });
    expect(find(resources, "local-network").inputs).toMatchObject({ mtu: 1400, mode: "nat" });
    expect(["manager1-domain", "worker1-domain"].map((name) => find(resources, name).inputs.description)).toEqual([
      "manager1-domain",
      "worker1-domain",
    ]);
    expect([find(resources, "worker1-disk").inputs.pool, find(resources, "worker1-seed").inputs.pool]).toEqual([
      "fast",
      "fast",
    ]);
  });

  test("changes the swarm's provider and how it is initialized", async () => {
    const resources = await record(() =>
      swarmOf({
        transform: {
          provider: { disableDockerDaemonCheck: true },
          init: (args) => {
            args.create = pulumi.interpolate`# own\n${args.create}`;
          },
        },
      }),
    );
    expect(find(resources, "swarm-docker").inputs.disableDockerDaemonCheck).toBe("true");
    expect(find(resources, "swarm-init").inputs.create).toMatch(/^# own\n/);
  });

  test("changes a service, which must then converge again, and how the wait works", async () => {
    const run = (labels: readonly string[]) =>
      record(() => {
        new SwarmService("web", {
          swarm: swarmOf(),
          spec,
          transform: {
            service: (args, opts) => {
              args.labels = labels.map((value) => ({ label: "team", value }));
              opts.retainOnDelete = true;
            },
            converged: { logging: "stdout" },
          },
        });
      });
    const [one, other] = [await run(["a"]), await run(["b"])];
    expect(find(one, "web-service").inputs.labels).toEqual([
      { label: "team", value: "a" },
      { label: "swarm-farm.made-by", value: "swarm-farm/dev" },
    ]);
    expect(find(one, "web-converged").inputs.logging).toBe("stdout");
    expect(find(one, "web-converged").inputs.stdin).not.toBe(find(other, "web-converged").inputs.stdin);
  });
});

describe("the images of a farm", () => {
  const image = { kind: "cloud", source: "https://images.example.com/a.qcow2", sha256: "cd".repeat(32) } as const;

  test("are the plan's, where these are cloud images", async () => {
    const resources = await record(() => new Farm("farm", { plan: farmPlan("shop", { nodes, image }), folders }));
    expect(find(resources, "local-image-cdcdcdcdcdcdcdcd-verified").inputs.create).toContain(image.source);
  });

  test("may be one for all nodes, or one for each", async () => {
    const images = new Map<string, GuestImage>([
      ["manager1", farmImage],
      ["worker1", cloudImage(image)],
    ]);
    const resources = await record(() => farm({ images }));
    expect(resources.filter(({ type }) => type.endsWith(":ImageVolumes")).map(({ name }) => name)).toEqual([
      "local-image-cdcdcdcdcdcdcdcd",
      "local-image-farm",
    ]);
  });

  test("the farm's own has to be given: only this project's setup knows where it is", async () => {
    await record(() => {
      for (const images of [undefined, new Map([["manager1", farmImage]])])
        expect(() => new Farm("farm", { plan, folders, ...(images && { images }) })).toThrow(
          /^node '(manager1|worker1)' has no guest image: give Farm 'images', or the plan a cloud image$/,
        );
    });
  });
});

test("a swarm without registries trusts none, and its provider has no login", async () => {
  const resources = await record(() => swarmOf());
  expect(find(resources, "worker1-report").inputs).toMatchObject({
    create: expect.stringContaining("REGISTRIES=''\n"),
  });
  expect(find(resources, "worker1-report").inputs.stdin).toBeUndefined();
  expect(find(resources, "swarm-docker").inputs.registryAuth ?? "[]").toBe("[]");
});
