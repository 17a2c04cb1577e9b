import type { Context } from "../context/context";
import { isLocal } from "../../infra/config/primitives";
import { FarmError } from "../base/errors";
import { panickedAmong } from "./panics";
import { virsh } from "./virsh";

type Farm = Pick<Context, "stack" | "folders">;

/**
 * States of each domain by its name, e.g. `running`, or why the hypervisor does not answer. `panicked` is no word of libvirt: a VM of this
 * machine runs, and its kernel has panicked.
 */
export type DomainStates = ReadonlyMap<string, string> | string;

/** Asks one libvirt for all of its domains. */
export async function domainStates(farm: Farm, uri: string): Promise<DomainStates> {
  try {
    const states = parseList(await virsh(farm, uri, "list", "--all"));
    if (!isLocal(uri)) return states;
    const running = [...states].flatMap(([name, state]) => (state === "running" ? [name] : []));
    const panicked = await panickedAmong(farm, running);
    return new Map([...states].map(([name, state]) => [name, panicked.has(name) ? "panicked" : state]));
  } catch (error) {
    return noAnswer(error);
  }
}

/** Reads `virsh list --all`. */
export function parseList(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, name, state] = /^\s*\S+\s+(\S+)\s+(\S.*?)\s*$/.exec(line) ?? [];
      return name && state ? [[name, state]] : [];
    }),
  );
}

/** Why a hypervisor does not answer. @throws other errors than those of libvirt */
export function noAnswer(error: unknown): string {
  if (error instanceof FarmError) return error.message;
  throw error;
}
