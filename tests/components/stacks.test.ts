import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { parseWith } from "../../infra/config/parse";
import { Authority } from "../../infra/keys/authority";
import { planFarm } from "../../infra/net/plan";
import { Puller } from "../../infra/registry/puller";
import { Registry } from "../../infra/registry/registry";
import type { SwarmService } from "../../infra/service/service";
import { defineStack, type Published, type Stack } from "../../stacks/contract";
import { deployStacks } from "../../stacks/deploy";
import { surfaceOf } from "../../stacks/surface";
import { withNames } from "../support/configs";
import { record, valueOf, type Registered } from "../support/mocks";
import { folders, recipes, swarmOf } from "../support/samples";

/** Deploys stacks on a farm of one manager, and hands on what they published. */
async function deployed(
  list: readonly Stack[],
  seen: (all: ReturnType<typeof deployStacks>) => unknown = () => undefined,
): Promise<Registered[]> {
  const raw = withNames("manager1");
  const config = parseWith({ ...raw, ...Object.fromEntries(list.map(({ name }) => [name, {}])) }, surfaceOf(list));
  const settings = { config, files: {}, farm: "dev", folders };
  let failed: unknown;
  const resources = await record(async () => {
    const swarm = swarmOf(raw);
    const authority = new Authority("authority", { farm: "dev", rotation: 1 });
    const puller = new Puller("registry-login", 1);
    const registry = new Registry("registry", { swarm, folders, recipes, authority, puller });
    try {
      await seen(deployStacks(list, { settings, plan: planFarm(config, "dev"), swarm, registry, authority }));
    } catch (error) {
      // Mocks go on until every registration is answered.
      failed = error;
    }
  });
  if (failed !== undefined) throw failed as Error;
  return resources;
}

const stack = (name: string, published: Partial<Published>, more: Partial<Stack> = {}): Stack => ({
  ...defineStack({
    name,
    schema: z.strictObject({}).optional(),
    deploy: () => ({ services: [], ...published }),
  }),
  ...more,
});

test("merges URLs, logins and certificates of all stacks", async () => {
  await deployed(
    [
      stack("a", { urls: { a: "http://a" }, logins: { joe: pulumi.output("pass") } }),
      stack("b", { urls: { b: "http://b" }, certificates: { b: pulumi.output("pem") } }),
    ],
    async ({ urls, logins, certificates }) => {
      expect(await valueOf(urls)).toEqual({ a: "http://a", b: "http://b" });
      expect(Object.keys(logins)).toEqual(["joe"]);
      expect(Object.keys(certificates)).toEqual(["b"]);
    },
  );
});

test("URLs are known only when every service has converged", async () => {
  let converge: (value: string) => void = () => undefined;
  const converged = pulumi.output(new Promise<string>((resolve) => (converge = resolve)));
  const list = [stack("a", { services: [{ converged } as unknown as SwarmService], urls: { a: "http://a" } })];
  await deployed(list, async ({ urls }) => {
    const seen: unknown[] = [];
    const known = urls.apply((all) => seen.push(all));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual([]);
    converge("all run");
    await valueOf(known);
    expect(seen).toEqual([{ a: "http://a" }]);
  });
});

test.each(["urls", "logins", "certificates"] as const)(
  "a name that two stacks publish under %s is refused",
  async (kind) => {
    const list = [stack("a", { [kind]: { shop: "x" } }), stack("b", { [kind]: { shop: "y" } })];
    await expect(deployed(list)).rejects.toThrow(`two stacks publish 'shop' under ${kind}; rename it in one of them`);
  },
);

test("passes a stack the outputs of the previous stacks, and its own rotations", async () => {
  const seen: unknown[] = [];
  const second = stack(
    "b",
    {},
    {
      rotations: { vouchers: "the vouchers" },
      deploy: ({ others, rotations }) => {
        seen.push(others.urls, others.scrapeNetworks, rotations);
        return { services: [] };
      },
    },
  );
  await deployed([stack("a", { urls: { a: "http://a" }, scrapeNetworks: [{ id: "net-a" }] }), second]);
  expect(seen).toEqual([{ a: "http://a" }, [{ id: "net-a" }], { vouchers: 1, registry: 1, authority: 1 }]);
});

test("the edge network is there for a reverse proxy, and for services without a published port", async () => {
  const target = { kind: "service", service: "a", port: 80 } as const;
  const edge = () => ({ protocol: "http", key: "a.mode" }) as const;
  const names = async (more: Partial<Stack>) => (await deployed([stack("a", {}, more)])).map(({ name }) => name);
  expect(await names({})).not.toContain("edge-network");
  expect(await names({ edge })).toContain("edge-network");
  expect(await names({ routes: { a: { path: "/" } }, plan: () => ({ targets: { a: target } }) })).toContain(
    "edge-network",
  );
});
