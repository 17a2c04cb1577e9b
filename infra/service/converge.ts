import { scripts } from "./scripts";

/** Longer than the stop grace period of any service of this project. */
const surplusTimeoutSeconds = 75;

/**
 * On a manager: waits until every task of a service runs and is healthy.
 *
 * @param service        the service's name, for its messages
 * @param timeoutSeconds how long it waits
 * @param surplusSeconds how long it waits for surplus tasks to end; those on a dead node never do. Default: 75
 */
export function convergeScript(
  service: string,
  timeoutSeconds: number,
  surplusSeconds: number = surplusTimeoutSeconds,
): string {
  return scripts("converge.sh", { SERVICE: service, TIMEOUT: timeoutSeconds, SURPLUS_TIMEOUT: surplusSeconds });
}

/**
 * On a manager: waits until every task of a one-shot service has ended with 0.
 *
 * @param service        the service's name, for its messages
 * @param timeoutSeconds how long it waits
 */
export function completedScript(service: string, timeoutSeconds: number): string {
  return scripts("completed.sh", { SERVICE: service, TIMEOUT: timeoutSeconds });
}
