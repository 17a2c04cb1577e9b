import { fileLetters } from "./assemble/context";
import { checkHostNetwork } from "./assemble/host-network";
import type { ComposeApplication } from "./model/application";
import type { Findings } from "./model/findings";
import { formatPosition, type Position } from "./model/position";
import type { ComposeService } from "./model/service";
import { isSecret, secretsOf } from "./model/text";

/** Rules between the parts of an application, and of Swarm. */
export function checkApplication(application: ComposeApplication, findings: Findings): void {
  for (const service of application.services) {
    checkService(service, findings);
    checkFiles(service, findings);
    checkHostNetwork(service, findings);
    for (const variable of service.environment) hintAtSecret(service, variable, findings);
  }
  checkPorts(application.services, findings);
  for (const network of application.networks) checkName(network, "network", 64, findings);
  for (const config of application.configs) checkName(config, "config", fileLetters.swarm, findings);
  for (const secret of application.secrets) checkName(secret, "secret", fileLetters.swarm, findings);
}

function checkName(
  object: { readonly kind: string; readonly key: string; readonly name: string; readonly at: Position },
  kind: string,
  longest: number,
  findings: Findings,
): void {
  const path = `${kind}s.${object.key}`;
  if (object.kind === "external") return;
  if (object.name.length > longest)
    findings.refuse(
      object.at,
      path,
      `the name '${object.name}' has ${String(object.name.length)} letters, and ${String(longest)} fit`,
      "shorten it, or set 'name'",
    );
  else if (!/^[a-zA-Z0-9](?:[\w.-]*[a-zA-Z0-9])?$/.test(object.name))
    findings.refuse(object.at, path, `Swarm takes no name '${object.name}'`, "use letters, digits, '-', '_' and '.'");
}

function checkService(service: ComposeService, findings: Findings): void {
  const { at, key, name, image, positions } = service;
  const path = `services.${key}`;
  if (name.length > 63)
    findings.refuse(
      at,
      path,
      `the service's name '${name}' has ${String(name.length)} letters, and Swarm takes 63`,
      "shorten the key, or the stack's name",
    );
  else if (!/^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(name))
    findings.refuse(
      at,
      path,
      `Swarm takes no service name '${name}'`,
      "use letters, digits, '-' and '_', with a letter at each end",
    );
  const isTold = [path, `${path}.image`, `${path}.extends`].some((each) => findings.isRefused(each));
  if (image === "" && !positions.has("build") && !isTold)
    findings.refuse(at, path, "it has no image", "write 'image' or 'build'");
  else if (image !== "" && !isReference(image))
    findings.refuse(
      service.positions.get("image") ?? at,
      `${path}.image`,
      `'${image}' is no image`,
      "write 'name:tag' in lower case, e.g. 'registry.example/team/web:1.4'",
    );
  for (const { constraint, at: line } of service.placement.constraints)
    if (
      !/^\s*(node\.(id|hostname|ip|role|platform\.(os|arch))|(node|engine)\.labels\.[\w./-]+)\s*(==|!=)\s*\S.*$/i.test(
        constraint,
      )
    )
      findings.refuse(
        line,
        `${path}.deploy.placement.constraints`,
        `'${constraint}' is no constraint of Swarm`,
        "write e.g. 'node.labels.db == true' or 'node.role == worker'",
      );
  const targets = service.mounts.map(({ target }) => target);
  for (const [i, mount] of service.mounts.entries()) {
    if (targets.indexOf(mount.target) < i)
      findings.refuse(mount.at, `${path}.volumes`, `'${mount.target}' is mounted twice`, "remove one of the two");
    if (!mount.target.startsWith("/"))
      findings.refuse(
        mount.at,
        `${path}.volumes`,
        `'${mount.target}' is no absolute path`,
        "begin the container's path with '/'",
      );
  }
}

/** Docker's client refuses two of a kind at one path. */
function checkFiles({ key, configs, secrets }: ComposeService, findings: Findings): void {
  for (const [kind, files] of Object.entries({ configs, secrets })) {
    const targets = files.map(({ target }) => target);
    for (const [i, { at, target }] of files.entries())
      if (targets.indexOf(target) < i)
        findings.refuse(at, `services.${key}.${kind}`, `two ${kind} are at '${target}'`, "give each its own 'target'");
  }
}

/** As docker reads a reference: `[host[:port]/]name[:tag][@digest]`. */
function isReference(image: string): boolean {
  const name = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  const host =
    "(?:[a-zA-Z0-9](?:[\\w-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[\\w-]*[a-zA-Z0-9])?)*|\\[[0-9a-fA-F:]+\\])(?::\\d+)?";
  return new RegExp(`^(?:${host}/)?${name}(?:/${name})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`).test(
    image,
  );
}

function checkPorts(services: readonly ComposeService[], findings: Findings): void {
  const used = new Map<string, Position>();
  const all = services.flatMap(({ key, ports }) => ports.map((port) => ({ key, ...port })));
  const inFile = all.sort((a, b) => a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line);
  for (const { key, published, protocol, mode, at } of inFile) {
    if (published === undefined) continue;
    const port = `${String(published)}/${protocol}`;
    // Two services may have one port in host mode, on different nodes.
    const id = mode === "ingress" ? port : `${key} ${port}`;
    const first = used.get(id);
    const reason = `the port ${port} is published twice${first ? `, first at ${formatPosition(first)}` : ""}`;
    if (first) findings.refuse(at, `services.${key}.ports`, reason, "publish another one");
    else used.set(id, at);
  }
}

function hintAtSecret(
  { key, at: start, positions }: ComposeService,
  { name, value }: ComposeService["environment"][number],
  findings: Findings,
): void {
  const path = `services.${key}.environment.${name}`;
  const at = positions.get(`environment.${name}`) ?? positions.get("environment") ?? start;
  const advice = "use 'secrets' with a file, if the image can read one, e.g. by a variable that ends in '_FILE'";
  if (value !== undefined && isSecret(value))
    findings.hint(
      at,
      path,
      `the secret variable '${secretsOf(value).join("', '")}' is readable for everybody who may inspect the service`,
      advice,
    );
  else if (value && /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)$/i.test(name))
    findings.hint(at, path, `'${name}' stands in clear in the file and in the service`, advice);
}
