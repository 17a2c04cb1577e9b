import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { readStackFile } from "../../infra/config/stack-file";
import { dateOf, valueOf } from "../../infra/config/value";
import { FarmError } from "../base/errors";
import { refused } from "../context/configuration";
import type { Context } from "../context/context";
import { hasSecrets, mapOf, type Keys } from "./configuration";

/** `Pulumi.<stack>.yaml` with values as they are, encrypted ones too. */
export interface StackDocument {
  /** The farm's keys, without the project's name. */
  readonly keys: Keys;
  /** Keys of other projects, and everything beside `config`: how values are encrypted. */
  readonly others: { readonly config: Keys; readonly top: Keys };
}

type Farm = Pick<Context, "repository" | "stack">;

const ours = /^(?:swarm-farm:(?:config:)?)?([^:]+)$/;

/**
 * Reads a stack's file, with encrypted values as they are.
 *
 * @throws FarmError where another stack could not have its values
 */
export function readDocument({ repository, stack }: Farm): StackDocument {
  const name = `Pulumi.${stack}.yaml`;
  const { isWhole } = refused(() => readStackFile(repository, stack));
  const { config, ...top } = mapOf(withoutDates(load(readFileSync(join(repository, name), "utf8"))));
  const entries = Object.entries(mapOf(config));
  const keys = entries.flatMap(([key, value]): [string, unknown][] => {
    const [, own] = ours.exec(key) ?? [];
    return own === undefined ? [] : [[own, typeof value === "string" ? valueOf(value) : value]];
  });
  if (!isWhole)
    throw new FarmError(
      `${name} has keys in an environment of Pulumi ESC, which a rehearsal cannot change: have them in the file`,
    );
  if (hasSecrets(config) && top.encryptionsalt === undefined && top.encryptedkey === undefined)
    throw new FarmError(
      `${name} has values that Pulumi's service has encrypted for this stack alone: a rehearsal needs a stack with a passphrase (pulumi stack change-secrets-provider passphrase)`,
    );
  const foreign = entries.filter(([key]) => !ours.test(key));
  return { keys: Object.fromEntries(keys), others: { config: Object.fromEntries(foreign), top } };
}

const heading = "# Of a rehearsal: ./farm restore --rehearse writes and removes it.\n";

/** Writes the file of another stack, whose encrypted values are those of the first. */
export function writeDocument(farm: Farm, { keys, others }: StackDocument): void {
  const own = Object.entries(keys).map(([key, value]): [string, unknown] => [`swarm-farm:${key}`, value]);
  const text = dump(
    { ...others.top, config: { ...others.config, ...Object.fromEntries(own) } },
    { lineWidth: -1, noRefs: true },
  );
  writeFileSync(fileOf(farm), `${heading}${text}`, { mode: 0o600 });
}

export function hasDocument(farm: Farm): boolean {
  return existsSync(fileOf(farm));
}

/** Whether a rehearsal has written a stack's file. */
export function isWritten(farm: Farm): boolean {
  return hasDocument(farm) && readFileSync(fileOf(farm), "utf8").startsWith(heading);
}

function withoutDates(value: unknown): unknown {
  if (typeof value === "string" || value instanceof Date) return dateOf(value);
  if (Array.isArray(value)) return value.map(withoutDates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutDates(each)]));
}

export function removeDocument(farm: Farm): void {
  if (hasDocument(farm)) rmSync(fileOf(farm));
}

function fileOf({ repository, stack }: Farm): string {
  return join(repository, `Pulumi.${stack}.yaml`);
}
