import { basename, dirname } from "node:path";
import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ComposeBuild } from "../../compose";
import type { Folders } from "../config/folders";
import { builtImage } from "../images/built";
import { containerImage, type ContainerImage, type Recipes } from "../images/container";
import { copiedImage, copiesIn, type CopiedImage } from "../images/copied";
import { repository } from "../images/content";
import { PreloadedImage } from "../images/preload";
import type { Authority } from "../keys/authority";
import { farmService } from "../service/farm-service";
import { configFiles, secretFile } from "../service/files";
import { SwarmService } from "../service/service";
import { registryName, type FarmPlan } from "../net/plan";
import { registryPort } from "../config/node-ports";
import { isInFarm, registryAddress, registryOnNodes } from "../net/registry-names";
import type { Swarm } from "../swarm/swarm";
import type { RegistryAccess } from "../swarm/target";
import type { Puller } from "./puller";
import { scripts } from "./scripts";
import { healthCommand, settings } from "./settings";
import { localCommand } from "../remote/local-command";

/** The user of the registry's image. */
const uid = 5000;

interface RegistryArgs {
  readonly swarm: Swarm;
  /** Folders of the images that `./farm setup` built, and of the key that must have signed them. */
  readonly folders: Pick<Folders, "cache" | "config">;
  /** Recipes of the images that the program may push, and of its own. */
  readonly recipes: Recipes;
  readonly authority: Authority;
  /** Its rotation number is also that of the certificate. */
  readonly puller: Puller;
}

/**
 * The farm's own registry on its first manager: TLS from the farm's authority, a password, its images on a volume.
 *
 * The machine that runs Pulumi uses its address. Nodes use a host name, which is part of image names, so that no service
 * changes when it moves to another manager.
 */
export class Registry extends pulumi.ComponentResource {
  /** Its address and port, for the machine that runs Pulumi. */
  readonly address: string;
  /** Its server's certificate, in PEM. */
  readonly certificate: pulumi.Output<string>;
  private readonly auth: pulumi.Output<string>;
  private readonly ready: pulumi.Resource;
  private readonly args: RegistryArgs;
  private readonly pushed = new Map<string, { readonly name: string; readonly reference: pulumi.Output<string> }>();
  private lastPush: pulumi.Resource[] = [];

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:registry:Registry", name, {}, opts);
    const { swarm, folders, recipes, authority, puller } = args;
    const { manager } = swarm;
    const managerAddress = manager.plan.address;
    this.address = registryAddress({ nodes: [manager.plan] });
    this.args = args;

    const loaded = new PreloadedImage(
      `${name}-image`,
      { image: containerImage("registry", folders.cache, recipes), nodes: [manager], ready: swarm.dockerReady },
      { parent: this },
    );
    const certificate = authority.issue(
      `${name}-certificate`,
      { names: [registryName, managerAddress], rotation: puller.rotation },
      this,
    );
    const key = { swarm, file: "registry.key", uid, value: certificate.key, version: certificate.version };
    const users = { swarm, file: "registry.htpasswd", uid, value: puller.users, version: puller.version };
    const secrets = [secretFile(`${name}-key`, key, this), secretFile(`${name}-htpasswd`, users, this)];
    const cert = { swarm, file: "registry.crt", uid, value: certificate.cert, version: certificate.version };
    const service = new SwarmService(
      `${name}-server`,
      farmService({
        swarm,
        service: "registry",
        after: loaded.loads,
        on: [manager.vm.domain.id],
        spec: {
          image: loaded.reference,
          mode: { replicas: 1 },
          placement: { constraints: [`node.hostname == ${manager.plan.name}`] },
          limits: { cpus: 1, memoryMiB: 128 },
          reservations: { cpus: 0.05, memoryMiB: 24 },
          configs: configFiles(name, { swarm, files: [settings] }, this),
          secrets: [...secrets, secretFile(`${name}-cert`, cert, this)],
          mounts: [
            { type: "volume", source: "registry", target: "/var/lib/registry" },
            { type: "tmpfs", target: "/tmp" },
          ],
          // Two tasks cannot publish one port.
          ports: [{ target: registryPort, published: registryPort, mode: "host" }],
          update: { order: "stop-first" },
          health: { command: healthCommand },
        },
      }),
      { parent: this },
    );

    this.certificate = certificate.cert;
    this.ready = service;
    const { username, password } = puller.login;
    this.auth = password.apply((text) => authFile(this.address, username, text));
    this.registerOutputs({ address: this.address });
  }

  /**
   * An image by digest: the farm's own, which is pushed if its signature is valid and the registry lacks it, or another one.
   *
   * @param name  of a recipe
   * @param other an image to use instead: `./farm up` copied it, and it is pushed; one of this registry is pinned to the digest
   *   that it has now
   * @param use   names the resource, if two services have the same image of this registry
   */
  image(name: string, other?: string, use: string = name): pulumi.Output<string> {
    const { folders, recipes, swarm } = this.args;
    if (other === undefined)
      return this.once(name, name, () => this.push(containerImage(name, folders.cache, recipes)));
    if (isInFarm(other, { nodes: [swarm.manager.plan] })) return this.pin(use, other);
    const image = copiedImage(other, folders.cache);
    return this.once(image.reference, image.name, () => this.pushCopied(image));
  }

  /** An image that `./farm up` built from a folder of a stack, by digest; it is pushed as the farm's own images are. */
  built(stack: string, build: ComposeBuild): pulumi.Output<string> {
    const { folders, recipes } = this.args;
    const image = builtImage(stack, build, folders.cache, recipes);
    return this.once(image.name, image.name, () => this.push(image));
  }

  private once(key: string, name: string, push: () => pulumi.Output<string>): pulumi.Output<string> {
    const { reference } = this.pushed.get(key) ?? { reference: push() };
    this.pushed.set(key, { name, reference });
    return reference;
  }

  /** Names of the images requested so far. The state has the digest of each one's last push. */
  get images(): readonly string[] {
    return [...this.pushed.values()].map(({ name }) => name).sort();
  }

  private push({ name, key, layout }: Pick<ContainerImage, "name" | "key" | "layout">): pulumi.Output<string> {
    return this.pushInTurn(name, {
      program: "push",
      here: { KEY: `${this.args.folders.config}/signing/image.pub`, FOLDER: dirname(layout) },
      environment: { IMAGE: basename(layout), NAME: name, REGISTRY: this.address },
      triggers: [key],
    });
  }

  private pushCopied({ name, reference, digest = "not copied" }: CopiedImage): pulumi.Output<string> {
    const layout = copiesIn(this.args.folders.cache).layout(digest);
    return this.pushInTurn(name, {
      program: "push-copied",
      here: { FOLDER: dirname(layout) },
      environment: { IMAGE: basename(layout), NAME: name, REGISTRY: this.address, REFERENCE: reference },
      triggers: [digest, reference],
    });
  }

  private pushInTurn(name: string, push: RegistryCommand): pulumi.Output<string> {
    const pushed = this.run(`${name}-push`, {
      ...push,
      // Pushed images are on the manager's disk, and another domain may have another disk: a disk's id is only its path.
      triggers: [...push.triggers, this.args.swarm.manager.vm.domain.id],
      // One after the other: common layers are sent once, and the manager has CPU left for its nodes.
      after: this.lastPush,
    });
    this.lastPush = [pushed];
    return pulumi.interpolate`${registryOnNodes}/swarm-farm/${name}@${pulumi.unsecret(pushed.stdout)}`;
  }

  private pin(use: string, reference: string): pulumi.Output<string> {
    const pinned = this.run(`${use}-pin`, {
      program: "pin",
      environment: { REFERENCE: reference, REGISTRY: this.address, REGISTRY_NAME: registryOnNodes },
      triggers: [reference],
    });
    return pulumi.unsecret(pinned.stdout);
  }

  /** Runs a program of `images/` that may connect to the farm's registry or another. */
  private run(
    name: string,
    { program, here = {}, environment, triggers, after = [] }: RegistryCommand,
  ): command.local.Command {
    const { authority, puller } = this.args;
    const local = { RUN: `${repository}/images/${program}`, ...here };
    return localCommand(
      name,
      {
        create: scripts("with-registry.sh", {}),
        update: ":",
        environment: { ...local, ...environment, CA: authority.cert },
        stdin: this.auth,
        triggers: [...triggers, this.address, authority.cert, puller.version],
      },
      {
        parent: this,
        dependsOn: [this.ready, ...after],
        // Paths on this machine do not change an image. Everything else depends on the triggers.
        ignoreChanges: ["create", ...Object.keys(local).map((key) => `environment.${key}`)],
      },
    );
  }
}

interface RegistryCommand {
  /** A file of `images/`. */
  readonly program: string;
  /** Variables with paths on this machine. */
  readonly here?: Readonly<Record<string, string>>;
  /** Other variables, which depend on the triggers alone. */
  readonly environment: Readonly<Record<string, string>>;
  /** Another value runs it again. */
  readonly triggers: readonly pulumi.Input<string>[];
  /** Created before it. Default: the registry alone. */
  readonly after?: readonly pulumi.Resource[];
}

/** Logins and addresses with which nodes pull from the farm's registry, under each of its names. */
export function registriesOf(plan: FarmPlan, { login, rotation }: Puller): RegistryAccess[] {
  const { username, password } = login;
  const access = { username, password, rotation };
  return [
    { ...access, address: registryOnNodes, ip: plan.names[registryName] },
    { ...access, address: registryAddress(plan) },
  ];
}

function authFile(address: string, username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [address]: { auth } } });
}
