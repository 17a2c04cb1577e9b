import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { TestFarm } from "../../tests/live/farm";
import { exportedResources, type Resource } from "../exported";
import type { Recorded } from "./steps";

const Spec = z.record(z.string(), z.unknown());
const Listed = z.array(z.looseObject({ ID: z.string().optional(), Id: z.string().optional(), Spec: Spec.optional() }));

/** Reads of a farm that is up what its script needs; the seeds of its VMs are kept beside its state folder. */
export async function record(
  farm: TestFarm,
): Promise<{ readonly resources: readonly Resource[]; readonly recorded: Recorded }> {
  const resources = exportedResources((await farm.withEnv("pulumi stack export --show-secrets")).stdout);
  const state = join(farm.home, "s", "swarm-farm", farm.stack);
  const xml = new Map<string, string>();
  for (const { urn, type, inputs } of resources) {
    const command = dumps[type];
    const { name } = inputs;
    if (command !== undefined && typeof name === "string") xml.set(urn, await farm.virsh(...command, name));
  }
  const bodies = new Map<string, string>();
  for (const kind of Object.keys(bodyOf) as (keyof typeof bodyOf)[]) {
    const ids = resources.filter(({ type }) => type === `docker:index/${kind}:${types[kind]}`).map(({ id = "" }) => id);
    if (ids.length === 0) continue;
    const found = Listed.parse(
      JSON.parse(await farm.docker(kind === "serviceConfig" ? "config" : kind, "inspect", ...ids)),
    );
    for (const [at, id] of ids.entries()) {
      const resource = resources.find((each) => each.id === id);
      bodies.set(id, JSON.stringify(bodyOf[kind](found[at] ?? {}, resource?.inputs ?? {})));
    }
  }
  const seeds = `${state}.kept`;
  await keepSeeds(farm, resources, seeds);
  return { resources, recorded: { state, seeds, xml, bodies, registryAuth: registryAuth(resources) } };
}

const dumps: Readonly<Record<string, readonly string[]>> = {
  "libvirt:index/pool:Pool": ["pool-dumpxml"],
  "libvirt:index/network:Network": ["net-dumpxml", "--inactive"],
  "libvirt:index/domain:Domain": ["dumpxml", "--inactive"],
};

const types = { network: "Network", secret: "Secret", serviceConfig: "ServiceConfig", service: "Service" } as const;

type Found = z.infer<typeof Listed>[number];
type Inputs = Resource["inputs"];

/** Bodies of the requests that create Docker's objects. Subnets that Swarm chose are left out, as the program does. */
const bodyOf: Readonly<Record<keyof typeof types, (found: Found, inputs: Inputs) => unknown>> = {
  network: ({ Name, Driver, Internal, Attachable, Labels, Options }, { ipamConfigs }) => ({
    Name,
    Driver,
    Internal,
    Attachable,
    Labels,
    Options: withoutVxlan(Options),
    ...(ipamConfigs === undefined
      ? {}
      : { IPAM: { Config: (ipamConfigs as readonly Inputs[]).map(({ subnet }) => ({ Subnet: subnet })) } }),
  }),
  // Docker gives nobody a secret's content.
  secret: ({ Spec: spec }, { data }) => ({ ...spec, Data: data }),
  serviceConfig: ({ Spec: spec }) => spec,
  service: ({ Spec: spec }) => spec,
};

function withoutVxlan(options: unknown) {
  const given = Object.entries(z.record(z.string(), z.string()).nullish().parse(options) ?? {});
  return Object.fromEntries(given.filter(([name]) => name !== "com.docker.network.driver.overlay.vxlanid_list"));
}

/** The header of requests whose services pull from the farm's registry. */
function registryAuth(resources: readonly Resource[]): string {
  const provider = resources.find(({ type }) => type === "pulumi:providers:docker");
  const given = provider?.inputs.registryAuth;
  const logins = z
    .array(z.object({ address: z.string(), username: z.string(), password: z.string() }))
    .parse(typeof given === "string" ? JSON.parse(given) : given);
  const [login] = logins;
  if (login === undefined) return "";
  const { address: serveraddress, username, password } = login;
  return Buffer.from(JSON.stringify({ serveraddress, username, password })).toString("base64url");
}

/** The pool's folder is only where the farm's libvirt is. */
async function keepSeeds(farm: TestFarm, resources: readonly Resource[], folder: string): Promise<void> {
  const seeds = resources.filter(({ type }) => type === "libvirt:index/cloudinitDisk:CloudinitDisk");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  await farm.ok(["run", "--", "cp", ...seeds.map(({ id = "" }) => id.split(";")[0] ?? id), folder]);
}
