import type { ComposeApplication, ComposeNeeds, VariableUse } from "../model/application";
import { builtIn } from "../model/networks";

/** Requirements on a farm besides the files. */
export function needsOf(
  application: ComposeApplication | undefined,
  variables: readonly VariableUse[],
  folders: ComposeNeeds["folders"],
): ComposeNeeds {
  const external = <T extends { readonly kind: "own" | "external" }>(objects: readonly T[] = []) =>
    objects.filter((object): object is T & { readonly kind: "external" } => object.kind === "external");
  const services = application?.services ?? [];
  return {
    variables,
    folders,
    networks: external(application?.networks).filter(({ name }) => !builtIn.has(name)),
    volumes: external(application?.volumes),
    configs: external(application?.configs),
    secrets: external(application?.secrets),
    hostPaths: services.flatMap(({ mounts }) =>
      mounts.flatMap((mount) => (mount.type === "bind" ? [{ path: mount.source, at: mount.at }] : [])),
    ),
    nodeLabels: services.flatMap(({ at, placement }) => [
      ...placement.constraints.flatMap(({ constraint, at: line }) =>
        labelsOf(constraint).map((label) => ({ label, at: line })),
      ),
      ...placement.spread.flatMap((spread) => labelsOf(spread).map((label) => ({ label, at }))),
    ]),
  };
}

function labelsOf(text: string): string[] {
  const [, label] = /^\s*node\.labels\.([^\s=!]+)/i.exec(text) ?? [];
  return label === undefined ? [] : [label];
}
