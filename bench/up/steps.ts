import { shellQuote } from "../../infra/remote/shell";
import { parseUrn } from "../../cli/preview/urn";
import { urnsBefore, type Resource } from "../exported";

/** A step of the script: what a person would run for a resource. */
export interface Step {
  readonly name: string;
  /** Steps that end before it begins. */
  readonly after: readonly string[];
  /** For `sh`. */
  readonly script: string;
  readonly stdin: string;
  /** The identity that it printed on the farm, if others name it: the script's own takes its place. */
  readonly identity: string | undefined;
}

/** Of the farm that the program built, what its state does not say. */
export interface Recorded {
  /** The state folder of the farm's stack. */
  readonly state: string;
  /** The folder of the seeds' ISO images. */
  readonly seeds: string;
  /** XML of a domain, network or pool by the URN of its resource. */
  readonly xml: ReadonlyMap<string, string>;
  /** The body of Docker's request that creates an object, by its id. */
  readonly bodies: ReadonlyMap<string, string>;
  /** The header with the registry's login. */
  readonly registryAuth: string;
}

/** The steps of a stack, in the order of its state. */
export function stepsOf(resources: readonly Resource[], recorded: Recorded): readonly Step[] {
  const byUrn = new Map(resources.map((each) => [each.urn, each]));
  const scripts = new Map(resources.map((each) => [each.urn, scriptOf(each, recorded)]));
  const namesBefore = (resource: Resource): readonly string[] =>
    urnsBefore(resource).flatMap((urn) => {
      const other = byUrn.get(urn);
      if (other === undefined) return [];
      return scripts.get(urn) === undefined ? namesBefore(other) : [parseUrn(urn).name];
    });
  return resources.flatMap((resource) => {
    const script = scripts.get(resource.urn);
    if (script === undefined) return [];
    return [
      {
        name: parseUrn(resource.urn).name,
        after: [...new Set(namesBefore(resource))].sort(),
        identity: identityOf(resource),
        ...script,
      },
    ];
  });
}

/** An id of Docker, or a token of the swarm. */
function identityOf({ type, id, outputs: { stdout } }: Resource): string | undefined {
  const printed = type.startsWith("docker:") ? id : stdout;
  return typeof printed === "string" && /^([a-z0-9]{25}|SWMTKN-\S+)$/.test(printed.trim()) ? printed.trim() : undefined;
}

type Script = Pick<Step, "script" | "stdin">;

function scriptOf(resource: Resource, recorded: Recorded): Script | undefined {
  const { type, inputs } = resource;
  const kinds: Readonly<Record<string, () => Script>> = {
    "command:local:Command": () => local(inputs),
    "command:remote:Command": () => remote(inputs, recorded),
    "command:remote:CopyToRemote": () => copy(inputs, recorded),
    "libvirt:index/pool:Pool": () => defined("pool", resource, recorded),
    "libvirt:index/network:Network": () => defined("net", resource, recorded),
    "libvirt:index/domain:Domain": () => defined("domain", resource, recorded),
    "libvirt:index/volume:Volume": () => volume(resource),
    "libvirt:index/cloudinitDisk:CloudinitDisk": () =>
      plain(`cp ${shellQuote(`${recorded.seeds}/${text(inputs.name)}`)} ${shellQuote(pathOf(resource))}`),
    "docker:index/network:Network": () => create("networks", resource, recorded),
    "docker:index/secret:Secret": () => create("secrets", resource, recorded),
    "docker:index/serviceConfig:ServiceConfig": () => create("configs", resource, recorded),
    "docker:index/service:Service": () => create("services", resource, recorded),
  };
  return kinds[type]?.();
}

const plain = (script: string): Script => ({ script, stdin: "" });

function text(value: unknown): string {
  if (typeof value !== "string") throw new Error(`a text is expected, and this is ${JSON.stringify(value)}`);
  return value;
}

function local({ create, environment = {}, stdin = "" }: Resource["inputs"]): Script {
  const variables = Object.entries(environment as Readonly<Record<string, string>>);
  const exports = variables.map(([name, value]) => `export ${name}=${shellQuote(value)}\n`).join("");
  return { script: `${exports}${text(create)}`, stdin: text(stdin) };
}

/** The begin of a command that runs another one on a node. */
export const sshTo = ({ state }: Recorded, host: string): string =>
  `ssh -F ${shellQuote(`${state}/ssh/config`)} ${host}`;

/** A node is asked until it has booted, as the plugin does. */
const reached = (recorded: Recorded, host: string) =>
  `until ${sshTo(recorded, host)} true </dev/null 2>/dev/null; do sleep 1; done\n`;

const hostOf = ({ connection }: Resource["inputs"]) => text((connection as { readonly host: unknown }).host);

function remote(inputs: Resource["inputs"], recorded: Recorded): Script {
  const host = hostOf(inputs);
  return {
    script: `${reached(recorded, host)}exec ${sshTo(recorded, host)} ${shellQuote(text(inputs.create))}`,
    stdin: text(inputs.stdin ?? ""),
  };
}

function copy(inputs: Resource["inputs"], recorded: Recorded): Script {
  const host = hostOf(inputs);
  const from = text((inputs.source as { readonly path: unknown }).path);
  const config = shellQuote(`${recorded.state}/ssh/config`);
  return plain(
    `${reached(recorded, host)}exec scp -q -r -F ${config} ${shellQuote(from)} ${host}:${shellQuote(text(inputs.remotePath))}`,
  );
}

function defined(kind: "pool" | "net" | "domain", { urn, inputs }: Resource, { xml }: Recorded): Script {
  const [name, stdin] = [text(inputs.name), xml.get(urn)];
  if (stdin === undefined) throw new Error(`no XML of ${kind} ${name}`);
  const prefix = kind === "domain" ? "" : `${kind}-`;
  const file = `"$work/${kind}-${name}.xml"`;
  const lines = [
    "set -e",
    `cat >${file}`,
    // Files that were copied into the pool are volumes once it is read again.
    ...(kind === "domain"
      ? ['flock "$work/pool" virsh -q pool-refresh "$(virsh -q pool-list --name | head -n 1)"']
      : []),
    `virsh -q ${prefix}define ${file}`,
    ...(kind === "pool" ? [`virsh -q pool-build ${name}`] : []),
    `virsh -q ${prefix}start ${name}`,
    `virsh -q ${prefix}autostart ${name}`,
  ];
  return { script: lines.join("\n"), stdin };
}

/** The id of a volume is its path; that of a seed has more after a `;`. */
const pathOf = ({ id = "" }: Resource) => id.split(";")[0] ?? id;

function volume(resource: Resource): Script {
  const { source, baseVolumeId, size } = resource.inputs;
  const path = shellQuote(pathOf(resource));
  if (source !== undefined) return plain(`cp ${shellQuote(text(source))} ${path}`);
  const base = baseVolumeId === undefined ? "" : `-b ${shellQuote(text(baseVolumeId))} -F qcow2 `;
  return plain(`qemu-img create -q -f qcow2 ${base}${path} ${String(Number(size))}`);
}

/** A request to a manager's Docker; prints the id. */
function create(kind: string, { id = "" }: Resource, recorded: Recorded): Script {
  const body = recorded.bodies.get(id);
  if (body === undefined) throw new Error(`no body of ${kind} ${id}`);
  // The login is on no command line: curl reads it as its configuration.
  const onNode = [
    "exec 3<&0",
    "IFS= read -r auth <&3",
    `printf 'header = "X-Registry-Auth: %s"\\n' "$auth" | curl -sS --fail-with-body -K - -X POST -H 'Content-Type: application/json' -d @/dev/fd/3 --unix-socket /run/docker.sock http://docker/v1.45/${kind}/create`,
  ].join("\n");
  return {
    script: `${sshTo(recorded, "any.manager")} ${shellQuote(onNode)} | jq -r '.ID // .Id // error(tostring)'`,
    stdin: `${recorded.registryAuth}\n${body}`,
  };
}
