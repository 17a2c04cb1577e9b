import type { Problem } from "../../../infra/config/problem";
import type { TargetsConfig } from "./schema";

const path = "monitoring.targets";

/**
 * Targets that would be another's numbers: those with the name of a service, with the address of another one, or inside of Prometheus'
 * own container.
 *
 * @param services names of services that are scraped
 */
export function targetProblems(targets: TargetsConfig, services: readonly string[]): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(targets).flatMap(([name, target]): Problem[] => {
    const at = `${path}.${name}`;
    const url = `${target.scheme}://${target.address}${target.path}`;
    const other = seen.get(url);
    seen.set(url, other ?? name);
    return [
      ...(services.includes(name)
        ? [
            {
              path: at,
              message: "has the name of a service that is scraped already, and so its label job; choose another",
            },
          ]
        : []),
      ...(other === undefined
        ? []
        : [{ path: at, message: `is ${url}, which is '${other}' already; remove one of them` }]),
      ...(isOwn(target.address)
        ? [
            {
              path: `${at}.address`,
              message: `is '${target.address}', which is in Prometheus' own container; write the host's address, as nodes reach it`,
            },
          ]
        : []),
    ];
  });
}

function isOwn(address: string): boolean {
  return /^(127\.|0\.|localhost:|.*\.localhost:)/.test(address);
}
