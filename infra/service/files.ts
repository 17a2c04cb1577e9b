import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Swarm } from "../swarm/swarm";
import { swarmResourceOptions } from "./swarm-resource-options";
import type { ConfigFile, SecretFile } from "./types";

/** Where a file is to be in a container, and what it says. */
export interface ContentFile {
  readonly path: string;
  readonly content: Buffer | string;
}

/**
 * Files as Swarm configs. A config cannot change: each is named by its content, so that a changed file is a new one, a
 * rolling update of the services that use it, and the end of the old one.
 */
export function configFiles(
  name: string,
  args: { readonly swarm: Swarm; readonly files: readonly ContentFile[] },
  parent: pulumi.Resource,
): ConfigFile[] {
  return args.files.map(({ path, content }) => {
    const data = Buffer.from(content);
    const key = createHash("sha256").update(data).digest("hex").slice(0, 12);
    const config = new docker.ServiceConfig(
      `${name}${resourcePath(path)}`,
      { name: swarmName(name, path, key), data: data.toString("base64") },
      swarmResourceOptions(args.swarm, parent),
    );
    return { path, id: config.id, name: config.name };
  });
}

/** A path in a resource's name, so that no two paths have one: `/a/b` is `-a-b`, and `/a-b` is `-a~-b`. */
function resourcePath(path: string): string {
  return path.replaceAll(/[~-]/g, "~$&").replaceAll("/", "-");
}

/** Names of configs: at most 64 characters of a small alphabet, and two files of one content are two configs. */
function swarmName(name: string, path: string, key: string): string {
  const place = createHash("sha256").update(path).digest("hex").slice(0, 6);
  const readable = path.replace(/^\//, "").replaceAll(/[^A-Za-z0-9.-]+/g, "-");
  return `${`${name}-${readable}`.slice(0, 40)}-${place}-${key}`;
}

interface SecretArgs {
  readonly swarm: Swarm;
  /** Below `/run/secrets`. */
  readonly file: string;
  /** Who reads it in the container. */
  readonly uid: number;
  readonly value: pulumi.Input<string>;
  /** Names this value among those before it, without telling anything of it. */
  readonly version: pulumi.Input<string>;
}

/** A Docker secret. It cannot change either: another version is another secret, and a rolling update. */
export function secretFile(name: string, args: SecretArgs, parent: pulumi.Resource): SecretFile {
  const secret = new docker.Secret(
    name,
    {
      name: pulumi.interpolate`${name}-${args.version}`,
      data: pulumi.secret(args.value).apply((value) => Buffer.from(value).toString("base64")),
    },
    { ...swarmResourceOptions(args.swarm, parent), additionalSecretOutputs: ["data"] },
  );
  return { file: args.file, uid: args.uid, id: secret.id, name: secret.name };
}
