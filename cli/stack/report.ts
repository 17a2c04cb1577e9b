import { describe, formatPosition, type ComposeNeeds, type ComposeService } from "../../compose";
import { remarksOf } from "../../infra/compose/remarks";
import { counted } from "../../infra/config/counted";
import type { Candidate } from "./candidate";

/** Ports on which web servers in containers usually listen. */
const webPorts = [80, 3000, 5000, 8000, 8080, 8888, 9000];

/**
 * Report on a compose file, a line each, in sections: keys that work, keys that work better than with docker, hints, and values that
 * must be given. Refusals are not in it; they are the error.
 *
 * @param labels that nodes of the configuration have
 */
export function reportOf({ name, whole, result }: Candidate, labels: ReadonlySet<string>): readonly string[] {
  const { findings, needs, application } = result;
  const services = application?.services ?? [];
  const missing = needs.variables.filter(({ set, defaulted }) => !set && !defaulted);
  const improved = findings.filter(({ outcome }) => outcome === "improved");
  const honoured = findings.filter(({ outcome }) => outcome === "honoured");
  // A variable that is not set is a hint where it is used, and stands once below.
  const hints = honoured.filter(
    ({ reason }) => reason !== undefined && !missing.some((variable) => reason.includes(`'${variable.name}'`)),
  );
  const keys = counted(honoured.length, "key means what it means", "keys mean what they mean");
  return [
    `stack '${name}': ${[whole.file].flat().join(", ")}${application === undefined ? "" : `; ${keys} to docker stack deploy`}`,
    ...section(
      "services",
      services.map(({ key, image, build }) => `${key}: ${build ? `built from ${build.context}` : image}`),
    ),
    ...section("better than with docker stack deploy", improved.map(describe)),
    ...section("to know", [...hints, ...(application ? remarksOf(application, []) : [])].map(describe)),
    ...section("to be given", [...missing.map((each) => missingLine(name, each)), ...givenLines(needs, labels)]),
    ...section("routes to add", routeLines(name, services, Object.keys(whole.routes ?? {}).length > 0)),
  ];
}

function missingLine(stack: string, { name, at }: ComposeNeeds["variables"][number]): string {
  const secret = `pulumi config set --secret --path 'swarm-farm:stacks.${stack}.variables.${name}'`;
  return `${formatPosition(at)}: variable ${name} is not set: --variable ${name}=VALUE, or for a secret: ${secret}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** Requirements on the swarm and its nodes besides the files. */
function givenLines(needs: ComposeNeeds, labels: ReadonlySet<string>): string[] {
  const object = (kind: string, create: string) => (each: ComposeNeeds["networks"][number]) =>
    `${formatPosition(each.at)}: ${kind} '${each.name}' must be in the swarm: ./farm docker ${kind} create ${create.replace("NAME", each.name)}`;
  const onNodes = ({ at, path }: ComposeNeeds["hostPaths"][number]) =>
    `${formatPosition(at)}: '${path}' must be on the nodes that run the service`;
  return unique([
    ...needs.networks.map(object("network", "--driver overlay NAME")),
    ...needs.configs.map(object("config", "NAME FILE")),
    ...needs.secrets.map(object("secret", "NAME FILE")),
    ...needs.volumes.map(({ at, name }) => onNodes({ at, path: `volume ${name}` })),
    ...needs.hostPaths.map(onNodes),
    ...needs.nodeLabels
      .filter(({ label }) => !labels.has(label))
      .map(
        ({ at, label }) => `${formatPosition(at)}: no node has the label '${label}': set nodes.NODE.labels.${label}`,
      ),
  ]);
}

/** Services whose ports look like web pages, unless the person has chosen routes. */
function routeLines(stack: string, services: readonly ComposeService[], chosen: boolean): string[] {
  if (chosen) return [];
  const found = services.flatMap(({ key, ports }) => {
    const port = ports.find(({ target, protocol }) => protocol === "tcp" && webPorts.includes(target));
    return port === undefined ? [] : [{ key, port: port.target }];
  });
  return found.map(({ key, port }) => {
    const name = found.length === 1 ? stack : `${stack}-${key}`;
    return `--route ${name}=${key}:${String(port)} serves '${key}' at https://ADDRESS/${name}/`;
  });
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}
