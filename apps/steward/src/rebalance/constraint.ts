import type { Node, Service } from "../shared/model.ts";

interface Constraint {
  readonly key: string;
  readonly equal: boolean;
  readonly value: string;
}

function parse(text: string): Constraint | undefined {
  const groups = /^\s*(?<key>[^\s=!]+)\s*(?<operator>==|!=)\s*(?<value>.*?)\s*$/.exec(text)?.groups;
  if (!groups) return undefined;
  const { key = "", operator, value = "" } = groups;
  return { key, equal: operator === "==", value };
}

/** A node's value of a constraint's key or of a preference's descriptor; `undefined`: no such key. */
export function attribute(node: Node, key: string): string | undefined {
  switch (key.toLowerCase()) {
    case "node.id":
      return node.id;
    case "node.hostname":
      return node.hostname;
    case "node.role":
      return node.role;
    case "node.platform.os":
      return node.os;
    case "node.platform.arch":
      return node.arch;
  }
  const [, kind = "", label = ""] = /^(node|engine)\.labels\.(.+)$/i.exec(key) ?? [];
  if (label === "") return undefined;
  // As Swarm has it, a label that is not there is an empty one.
  return (kind.toLowerCase() === "node" ? node.labels : node.engineLabels)[label] ?? "";
}

const anyNode: Node = {
  id: "",
  hostname: "",
  role: "",
  availability: "",
  state: "",
  labels: {},
  engineLabels: {},
  nanoCpus: 0,
  memoryBytes: 0,
  os: "",
  arch: "",
};

/** The first constraint that is not understood (`node.ip`, or what a newer Swarm knows), if any. */
export function unknownConstraint({ constraints }: Service): string | undefined {
  return constraints.find((text) => {
    const constraint = parse(text);
    return !constraint || attribute(anyNode, constraint.key) === undefined;
  });
}

// Docker names architectures as the kernel does, images as Go does.
const goArch = (arch: string): string => ({ x86_64: "amd64", aarch64: "arm64" })[arch] ?? arch;

/** Whether Swarm's constraints and the image's platforms let a service's tasks onto a node. */
export function suits(service: Service, node: Node): boolean {
  const constraintsHold = service.constraints.every((text) => {
    const constraint = parse(text);
    if (!constraint) return false;
    // Swarm compares without regard to case.
    const same = attribute(node, constraint.key)?.toLowerCase() === constraint.value.toLowerCase();
    return same === constraint.equal;
  });
  const platformFits = service.platforms.some(
    ({ os, arch }) => (os === "" || os === node.os) && (arch === "" || goArch(arch) === goArch(node.arch)),
  );
  return constraintsHold && (platformFits || service.platforms.length === 0);
}
