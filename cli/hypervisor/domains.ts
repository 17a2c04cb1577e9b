import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { virsh } from "./virsh";

type Farm = Pick<Context, "stack" | "folders">;

/** States of each domain by its name, e.g. `running`, or why the hypervisor does not answer. */
export type DomainStates = ReadonlyMap<string, string> | string;

/** Asks one libvirt for all of its domains. */
export async function domainStates(farm: Farm, uri: string): Promise<DomainStates> {
  try {
    return parseList(await virsh(farm, uri, "list", "--all"));
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
