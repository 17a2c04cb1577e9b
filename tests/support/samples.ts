import * as pulumi from "@pulumi/pulumi";
import type { FarmImage } from "../../infra/images/guest-image";
import { Farm } from "../../infra/libvirt/farm";
import type { FarmPlan, NetworkPlan, NodePlan } from "../../infra/net/plan";
import type { NodeAccess } from "../../infra/remote/access";
import { catalogOf } from "../../stacks/catalog";
import { parseConfig } from "../../stacks/config";
import { stacks } from "../../stacks/index";
import { planFarm } from "../../infra/net/plan";
import { Swarm } from "../../infra/swarm/swarm";
import type { RawConfig } from "./configs";

/** Plain parts to make one component of, without the rest of the program. */
export const network: NetworkPlan = { cidr: "10.77.0.0/24", prefix: 24, gateway: "10.77.0.1" };

export const worker1: NodePlan = {
  name: "worker1",
  role: "worker",
  host: "local",
  address: "10.77.0.21",
  mac: "52:54:00:4d:00:15",
  vcpu: 2,
  memoryMiB: 2048,
  diskGiB: 10,
  image: { kind: "farm" },
  storageDriver: "overlay2",
  labels: {},
  availability: "active",
};

export const farmImage: FarmImage = {
  kind: "farm",
  name: "farm",
  formerName: "8e826c36180201e0",
  key: "0123456789abcdef",
  disk: "/cache/guest/disk.qcow2",
  kernel: "/cache/guest/vmlinuz",
  initrd: "/cache/guest/initrd.img",
  cmdline: "console=ttyS0 rw",
  cmdlineEmulated: "mitigations=off",
};

/** Of the farm and of every stack. */
export const { recipes } = catalogOf(stacks);

export const folders = {
  cache: "/cache",
  logs: "/cache/logs/dev",
  config: "/config",
  farms: "/state",
  state: "/state",
};

/** Created after mocks are set, since outputs belong to one run. */
export function access(): NodeAccess {
  return { address: "10.77.0.21", privateKey: pulumi.secret("login key"), hostKey: pulumi.output("host key") };
}

/** The farm's registry as a swarm's nodes know it. */
export const registry = { address: "10.77.0.11:5000", username: "farm", password: "registry password", rotation: 1 };

/** A swarm, for what runs in it. */
export function swarmOf(raw: RawConfig): Swarm {
  return new Swarm("swarm", { farm: farmOf(raw), registries: [registry], authority: pulumi.output("authority") });
}

/** A whole farm, for what stands upon one. */
export function farmOf(raw: RawConfig): Farm {
  const plan = planFarm(parseConfig(raw), "dev");
  return new Farm("farm", { plan, images: imagesOf(plan), folders });
}

/** The sample image for every node. */
export function imagesOf({ nodes }: FarmPlan): ReadonlyMap<string, FarmImage> {
  return new Map(nodes.map(({ name }) => [name, farmImage]));
}
