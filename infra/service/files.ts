import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { SwarmTarget } from "../swarm/target";
import { SwarmConfig } from "./config";
import { SwarmSecret } from "./secret";
import type { OwnedSecret } from "./farm-service";
import type { ConfigFile } from "./spec/references";

/** A file of a container: its path and its content. */
export interface ContentFile {
  readonly path: string;
  readonly content: Buffer | string;
}

interface ConfigFilesArgs {
  readonly swarm: SwarmTarget;
  /** A content that another resource produces is in no preview before. */
  readonly files: readonly (Pick<ContentFile, "path"> & {
    readonly content: ContentFile["content"] | pulumi.Output<string>;
  })[];
}

/** Files as Swarm configs, each named by its path and content. */
export function configFiles(name: string, args: ConfigFilesArgs, parent: pulumi.Resource): ConfigFile[] {
  return args.files.map(({ path, content }) => ({
    target: path,
    config: new SwarmConfig(
      `${name}${resourcePath(path)}`,
      { swarm: args.swarm, content, prefix: prefixOf(name, path) },
      { parent },
    ),
  }));
}

/** A path as a unique part of a resource's name: `/a/b` is `-a-b`, and `/a-b` is `-a~-b`. */
function resourcePath(path: string): string {
  return path.replaceAll(/[~-]/g, "~$&").replaceAll("/", "-");
}

/** A prefix for a config's name, which has at most 64 characters. It has the path, so that equal files are two configs. */
function prefixOf(name: string, path: string): string {
  const pathHash = createHash("sha256").update(path).digest("hex").slice(0, 6);
  const readable = path.replace(/^\//, "").replaceAll(/[^A-Za-z0-9.-]+/g, "-");
  return `${`${name}-${readable}`.slice(0, 40)}-${pathHash}`;
}

interface SecretFileArgs {
  readonly swarm: SwarmTarget;
  /** Its name below `/run/secrets`. */
  readonly file: string;
  /** Who reads it. */
  readonly uid: number;
  readonly value: pulumi.Input<string>;
  /** Distinguishes this value from previous ones without revealing it. */
  readonly version: pulumi.Input<string>;
}

/** A secret as a file of a container. */
export function secretFile(name: string, args: SecretFileArgs, parent: pulumi.Resource): OwnedSecret {
  const { swarm, file, uid, value, version } = args;
  return { target: file, uid, secret: new SwarmSecret(name, { swarm, value, version }, { parent }) };
}
