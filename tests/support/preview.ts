import type { Step } from "../../cli/preview/events";
import type { Json } from "../../cli/preview/values";

/** Inputs of a resource, as a log has them. */
export type Properties = Readonly<Record<string, Json>>;

/** A secret as the engine's log has it: the value itself is not in it. */
export const maskedSecret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

/** A value that only the update will know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const vmType = "swarm-farm:libvirt:Farm$swarm-farm:libvirt:Vm";

/** The URN of a resource: its parents' types and its own, and its name. */
export function urnOf(types: string, name: string): string {
  return `urn:pulumi:dev::swarm-farm::${types}::${name}`;
}

/** The engine's description of a resource, reduced to the fields that a test reads. */
export function step(
  op: string,
  urn: string,
  parts: Partial<Step> & { before?: Properties; after?: Properties } = {},
): Step {
  const { before, after, ...rest } = parts;
  const state = (inputs: Properties) => ({ parent: "", inputs: { ...inputs } });
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return {
    op,
    urn,
    type,
    ...(before ? { old: state(before) } : {}),
    ...(after ? { new: state(after) } : {}),
    ...rest,
  };
}

/** Operation on a node's VM or disk. */
export function nodeStep(op: string, node: string, noun: "domain" | "disk"): Step {
  const type = noun === "domain" ? "libvirt:index/domain:Domain" : "libvirt:index/volume:Volume";
  const state = { parent: urnOf(vmType, node), inputs: {} };
  return step(
    op,
    urnOf(`${vmType}$${type}`, `${node}-${noun}`),
    op === "delete" ? { old: state } : { old: state, new: state },
  );
}

/** Steps as the engine logs them, and messages beside them. */
export function eventLog(
  steps: readonly Step[],
  messages: readonly { severity: string; prefix?: string; message: string }[] = [],
): string {
  const events = [
    { preludeEvent: { config: {} } },
    ...steps.map((metadata) => ({ resourcePreEvent: { metadata, planning: true } })),
    ...messages.map((diagnosticEvent) => ({ diagnosticEvent })),
    { cancelEvent: {} },
  ];
  return events.map((event, sequence) => `${JSON.stringify({ sequence, timestamp: 0, ...event })}\n`).join("");
}
