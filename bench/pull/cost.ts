import { median } from "../median";

/** The cost of a step to the node. */
export interface Cost {
  readonly seconds: number;
  /** That the node received, with headers. */
  readonly bytes: number;
  /** Of the VM's QEMU, all that the node did included. CPU seconds, as the following. */
  readonly qemu: number;
  /** Of the control group of dockerd and of what it starts. */
  readonly docker: number;
  /** The same of containerd. */
  readonly containerd: number;
}

/** Shares of what the node did, by control group. */
export interface Shares {
  readonly docker: number;
  readonly containerd: number;
}

/**
 * Reads what guest.sh prints: UNIT BEFORE AFTER, in microseconds. The node's clock goes on while the host does other work, so that its
 * times are good as shares of each other alone.
 *
 * @throws Error without a line of the node
 */
export function parseShares(text: string): Shares {
  const used = (unit: string) => {
    const [, before, after] = new RegExp(`^${unit} (\\d+) (\\d+)$`, "m").exec(text) ?? [];
    return Number(after) - Number(before);
  };
  const node = used("node");
  if (!(node >= 0)) throw new Error(`guest.sh printed no time of the node: ${text}`);
  // Ticks of 10 ms: a step that is shorter has none.
  const share = (unit: string) => (node === 0 ? 0 : used(unit) / node);
  return { docker: share("docker"), containerd: share("containerd") };
}

/**
 * The bytes that went to the node through a device of this side.
 *
 * @param text /proc/net/dev
 * @throws Error if it has no such device
 */
export function receivedBytes(text: string, device: string): number {
  const line = text.split("\n").find((each) => each.trim().startsWith(`${device}:`));
  if (line === undefined) throw new Error(`there is no network device '${device}'`);
  // After the name: eight columns of what this side received, then what it sent.
  return Number(line.split(":")[1]?.trim().split(/\s+/)[8]);
}

/** The median of each figure. */
export function medianCost(costs: readonly Cost[]): Cost {
  const of = (figure: (cost: Cost) => number) => median(costs.map(figure));
  return {
    seconds: of(({ seconds }) => seconds),
    bytes: of(({ bytes }) => bytes),
    qemu: of(({ qemu }) => qemu),
    docker: of(({ docker }) => docker),
    containerd: of(({ containerd }) => containerd),
  };
}

/** The cost of two steps. */
export function both(one: Cost, other: Cost): Cost {
  return {
    seconds: one.seconds + other.seconds,
    bytes: one.bytes + other.bytes,
    qemu: one.qemu + other.qemu,
    docker: one.docker + other.docker,
    containerd: one.containerd + other.containerd,
  };
}
