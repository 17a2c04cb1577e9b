import { markdownTable } from "../../cli/base/markdown-table";
import { sum } from "../sum";
import { serviceOf, type Reading } from "./reading";

/** A node at rest: readings inside of it, and the CPU time of its QEMU on the host. */
export interface Node {
  readonly name: string;
  /** Seconds of an interval of the host's clock. */
  readonly qemuSeconds: number;
  readonly seconds: number;
  readonly readings: readonly Reading[];
}

/** Units of systemd that run Docker; every other one is the system's or the farm's. */
const docker = ["docker", "containerd"];

/** CPU and memory of each node by program, in Markdown. @param own whether a service is the farm's own and none that it runs */
export function table(nodes: readonly Node[], own: (service: string) => boolean): string {
  const names = [...new Set(nodes.flatMap((node) => programsOf(node).map(({ name }) => name)))];
  const weight = (name: string) => sum(nodes.map((node) => programOf(node, name)?.cpu ?? 0));
  const programs = names.toSorted((a, b) => weight(b) - weight(a));
  const row = (title: string, of: (node: Node) => Use | undefined) => [
    title,
    ...nodes.map((node) => cell(of(node), node)),
  ];
  return markdownTable(
    ["program", ...nodes.map(({ name }) => name)],
    [
      ["QEMU on the host", ...nodes.map(({ qemuSeconds, seconds }) => percent(qemuSeconds / seconds))],
      row("the node", ({ readings }) => readings.find(({ kind }) => kind === "node")),
      row("**the farm's own services**", (node) => ownOf(node, own)),
      ...programs.map((name) => row(name, (node) => programOf(node, name))),
      ["kernel, and what belongs to no unit", ...nodes.map((node) => percent(restOf(node)))],
    ],
  );
}

/** CPU of all QEMU processes together, as a share of one processor of the host. */
export function hostShare(nodes: readonly Node[]): number {
  return sum(nodes.map(({ qemuSeconds, seconds }) => qemuSeconds / seconds));
}

type Use = Pick<Reading, "cpu" | "memory">;
type Program = Use & { readonly name: string };

/** Each control group, the one of Docker in parts: its programs, and the rest, which are shims, runc and proxies. */
function programsOf({ readings }: Node): readonly Program[] {
  const groups = readings.filter(({ kind }) => kind === "unit" || kind === "container");
  const programs = readings.filter(({ kind }) => kind === "program");
  return [
    ...groups.flatMap((group) => {
      if (group.kind === "container") return [{ ...group, name: serviceOf(group.name) }];
      if (!docker.includes(group.name)) return [group];
      const part = programs.find(({ name }) => name === programIn(group.name));
      if (part === undefined) return [group];
      return [
        part,
        {
          name: `what ${part.name} starts`,
          cpu: Math.max(0, group.cpu - part.cpu),
          memory: Math.max(0, group.memory - part.memory),
        },
      ];
    }),
  ];
}

const programIn = (unit: string) => (unit === "docker" ? "dockerd" : unit);

function programOf(node: Node, name: string): Use | undefined {
  return total(programsOf(node).filter((program) => program.name === name));
}

function ownOf({ readings }: Node, own: (service: string) => boolean): Use | undefined {
  return total(readings.filter(({ kind, name }) => kind === "container" && own(serviceOf(name))));
}

function total(uses: readonly Use[]): Use | undefined {
  if (uses.length === 0) return undefined;
  return { cpu: sum(uses.map(({ cpu }) => cpu)), memory: sum(uses.map(({ memory }) => memory)) };
}

function restOf({ readings, seconds }: Node): number {
  const cpuOf = (kinds: readonly string[]) =>
    sum(readings.filter(({ kind }) => kinds.includes(kind)).map(({ cpu }) => cpu));
  return Math.max(0, cpuOf(["node"]) - cpuOf(["unit", "container"])) / 1e6 / seconds;
}

function cell(use: Use | undefined, { seconds }: Node): string {
  return use === undefined ? "" : `${percent(use.cpu / 1e6 / seconds)}, ${(use.memory / 2 ** 20).toFixed(0)} MiB`;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
