/** The status of a run whose libvirt provider was killed; 75 is "try again" of sysexits.h. */
export const providerKilledStatus = 75;

/** The status of a run that failed only because of tasks that stopped late. */
export const stoppedLateStatus = 76;

/** Why a run with such a status is repeated. */
export const reasonsToRetry: ReadonlyMap<number, string> = new Map([
  [providerKilledStatus, "libvirt provider hung; killed it and retrying"],
  [stoppedLateStatus, "a removed service's task took longer than its stop_grace_period to stop; retrying"],
]);

/**
 * The Docker provider removes a service and waits for its tasks on the manager, for `stop_grace_period` and no longer; Docker kills a
 * task only then, so the provider fails although the service is gone.
 */
const lateStop = /error on wait for container .*context deadline exceeded/s;

/** The engine's own error that follows the others. */
const followUp = /^(error: )?(update|destroy) failed$/;

/** Whether tasks that stopped late are all that these errors are about. */
export function stoppedLate(errors: readonly string[]): boolean {
  const own = errors.filter((text) => !followUp.test(text.trim()));
  return own.length > 0 && own.every((text) => lateStop.test(text));
}
