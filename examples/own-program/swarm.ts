import * as pulumi from "@pulumi/pulumi";
import {
  builtImage,
  cloudImage,
  Farm,
  farmPlan,
  foldersOf,
  Swarm,
  type GuestImage,
  type SwarmTarget,
} from "swarm-farm";

const config = new pulumi.Config();

/** The swarm of the configuration: one that is there, at `swarm`, or that of a new farm. */
export function swarm(): SwarmTarget {
  const host = config.get("swarm");
  if (host === undefined) return new Swarm("swarm", { farm: farm() });
  return Swarm.fromExisting("swarm", { host, sshOptions: config.getObject<string[]>("sshOptions") ?? [] });
}

/** A manager and a worker on one hypervisor. */
function farm(): Farm {
  // Unique on the hypervisor: it is part of the names of VMs, pool and network.
  const name = `${pulumi.getProject()}-${pulumi.getStack()}`;
  const plan = farmPlan(name, {
    hosts: { local: { uri: config.get("libvirt") ?? "qemu:///system" } },
    network: { cidr: config.get("cidr") ?? "10.78.0.0/24" },
    nodes: { manager1: { role: "manager" }, worker1: { role: "worker" } },
  });
  return new Farm("farm", {
    plan,
    images: guestImage(),
    folders: foldersOf(name, process.env),
    // Settings that the arguments of Farm lack.
    transform: { domain: { description: `of the Pulumi project ${pulumi.getProject()}` } },
  });
}

function guestImage(): GuestImage {
  const folder = config.get("builtImage");
  return folder === undefined
    ? cloudImage({ source: config.require("cloudImage"), sha256: config.require("cloudImageSha256") })
    : builtImage(folder);
}
