import * as pulumi from "@pulumi/pulumi";
import { loadSettings } from "./infra/config/load";
import { containerImage } from "./infra/images/container";
import { guestImage } from "./infra/images/guest";
import { PreloadedImage } from "./infra/images/preload";
import { Farm } from "./infra/libvirt/farm";
import { planFarm } from "./infra/net/plan";
import { describeNodes } from "./infra/outputs";
import { Swarm } from "./infra/swarm/swarm";
import { Hello } from "./stacks/hello";

// What is wanted: read once, checked whole, and turned into names and addresses.
const { config, farm: name, folders } = loadSettings();
const plan = planFarm(config, name);

// The machines, and the swarm they form.
const farm = new Farm("farm", { plan, image: guestImage(config.image, folders.cache), folders });
const swarm = new Swarm("swarm", { farm });

// What runs on it.
const image = new PreloadedImage("hello-image", {
  image: containerImage("hello", folders.cache),
  nodes: farm.nodes,
  ready: swarm.dockers,
});
const hello = new Hello(
  "hello",
  {
    image: image.reference,
    replicas: config.hello.replicas ?? plan.nodes.length,
    port: config.hello.port,
    address: swarm.address,
  },
  { provider: swarm.provider, dependsOn: image.loads.slice() },
);

export const nodes = describeNodes(plan, swarm.patchLevels);
export const urls = { hello: hello.url };
/** For `./farm`: the files with which `ssh` reaches the nodes. */
export const sshFiles = pulumi.secret(farm.ssh.files);
