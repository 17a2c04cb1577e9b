import type { ComposeFile, ComposeNetwork, ComposeVolume } from "../model/application";
import { defined } from "../decode/deploy";
import type { Findings } from "../model/findings";
import type { FileObject, NetworkObject, VolumeObject } from "../decode/objects";
import { fileLetters, namespaceLabel, scoped, scopedFile } from "./context";

/** A network of the model; `default` may be missing in the file. */
export function assembleNetwork(stack: string, key: string, object: NetworkObject): ComposeNetwork {
  const { at, driver = "", driverOpts, internal, attachable, ipamDriver, subnets } = object;
  const name = scoped(stack, key, object);
  if (object.external) return { kind: "external", key, name, at };
  return {
    kind: "own",
    key,
    name,
    at,
    driver: driver === "" ? "overlay" : driver,
    driverOpts: Object.fromEntries(driverOpts),
    internal,
    attachable,
    labels: { ...Object.fromEntries(object.labels), [namespaceLabel]: stack },
    ...(ipamDriver !== undefined || subnets.length > 0
      ? { ipam: { ...defined({ driver: ipamDriver }), subnets } }
      : {}),
  };
}

/** A volume of the model. */
export function assembleVolume(stack: string, key: string, object: VolumeObject): ComposeVolume {
  return { kind: object.external ? "external" : "own", key, name: scoped(stack, key, object), at: object.at };
}

/** A config or secret of the model; nothing where its content could not be read. */
export function assembleFile(stack: string, key: string, object: FileObject, findings: Findings): ComposeFile[] {
  const { at, path, content, templateDriver } = object;
  const name = scopedFile(stack, key, object);
  if (name !== scoped(stack, key, object))
    findings.improve(
      at,
      path,
      `of the ${String(fileLetters.swarm)} letters of a name, the hash of the content takes ${String(fileLetters.swarm - fileLetters.here)}: here it begins with '${name}'`,
    );
  if (object.external) return [{ kind: "external", key, name, at }];
  if (content === undefined) return [];
  const labels = { ...Object.fromEntries(object.labels), [namespaceLabel]: stack };
  return [{ kind: "own", key, name, at, content, labels, ...defined({ templateDriver }) }];
}
