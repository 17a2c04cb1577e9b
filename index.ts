import * as pulumi from "@pulumi/pulumi";
import { Cleanup } from "./infra/cleanup/cleanup";
import { loadSettings } from "./infra/config/load";
import { guestImages } from "./infra/images/guest";
import { Authority } from "./infra/keys/authority";
import { Farm } from "./infra/libvirt/farm";
import { planFarm } from "./infra/net/plan";
import { describeNodes, expiriesOf } from "./infra/outputs";
import { Puller } from "./infra/registry/puller";
import { registriesOf, Registry } from "./infra/registry/registry";
import { Swarm } from "./infra/swarm/swarm";
import { catalogOf } from "./stacks/catalog";
import { deployStacks } from "./stacks/deploy";
import { stacks } from "./stacks/index";
import { surfaceOf } from "./stacks/surface";

// The configuration: read once, checked as a whole, and turned into names and addresses.
const { recipes } = catalogOf(stacks);
const settings = loadSettings(surfaceOf(stacks));
const { config, farm: name, folders } = settings;
const plan = planFarm(config, name);

// The VMs, the swarm that they form, and the registry that they pull images from.
const images = guestImages(plan, folders.cache, recipes);
const farm = new Farm("farm", { plan, images, folders });
const authority = new Authority("authority", { farm: name, rotation: config.rotate.authority });
const puller = new Puller("registry-login", config.rotate.registry);
const swarm = new Swarm("swarm", { farm, registries: registriesOf(plan, puller), authority: authority.trusted });
const registry = new Registry("registry", { swarm, folders, recipes, authority, puller });

// The stacks that run on it.
const deployed = deployStacks(stacks, { settings, plan, swarm, registry, authority });

// The cleanup of unused images on each node.
const afterHours = config.cleanup.unusedImagesAfterHours;
if (afterHours > 0) new Cleanup("cleanup", { farm, swarm, registry, afterHours });

/** Each node with its role, address, labels and patch level. */
export const nodes = describeNodes(plan, swarm.patchLevels);
/** URLs by route, and addresses of published ports. */
export const { urls, addresses } = deployed;
const passwords = { ...deployed.logins, [puller.login.username]: puller.login.password };
/** The users of the stacks and of the registry: `./farm secret USER` prints a password. */
export const users = Object.keys(passwords);
/** Passwords by user, for programs that read outputs. */
export const logins = pulumi.secret(passwords);
/** The CA that browsers must trust, unless the load balancer has a certificate of your own. */
export const authorityCertificate = authority.cert;
/** When each certificate expires, by its name. */
export const certificates = expiriesOf({
  authority: authority.cert,
  registry: registry.certificate,
  ...deployed.certificates,
});
/** For `./farm`: the files with which `ssh` reaches the nodes. */
export const sshFiles = pulumi.secret(farm.ssh.files);
