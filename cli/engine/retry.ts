/** The status of a run whose libvirt provider was killed; 75 is "try again" of sysexits.h. */
export const providerKilledStatus = 75;

/** Why a run is repeated: all that failed is known to pass when it is done again. */
interface Transient {
  /** The status of the run. */
  readonly status: number;
  /** Of an error's text. */
  readonly pattern: RegExp;
  readonly reason: string;
}

const transients: readonly Transient[] = [
  {
    // The Docker provider removes a service and waits for its tasks on the manager, for `stop_grace_period` and no longer; Docker
    // kills a task only then, so the provider fails although the service is gone.
    status: 76,
    pattern: /error on wait for container .*context deadline exceeded/s,
    reason: "a removed service's task took longer than its stop_grace_period to stop; retrying",
  },
  {
    // The libvirt provider reads a seed disk back after it wrote it, and sometimes gets the end of the stream at once; seen on a
    // busy machine, with go-libvirt of terraform-provider-libvirt 0.8.3.
    status: 79,
    pattern: /error while retrieving remote ISO: .*EOF/s,
    reason: "libvirt provider could not read back a seed disk; retrying",
  },
];

/** Why a run with such a status is repeated. */
export const reasonsToRetry: ReadonlyMap<number, string> = new Map([
  [providerKilledStatus, "libvirt provider hung; killed it and retrying"],
  ...transients.map(({ status, reason }) => [status, reason] as const),
]);

/** The engine's own error that follows the others. */
const followUp = /^(error: )?(update|destroy) failed$/;

/** The status of a run with these errors, if one fault that passes is all that they are about. */
export function retryStatusOf(errors: readonly string[]): number | undefined {
  const own = errors.filter((text) => !followUp.test(text.trim()));
  if (own.length === 0) return undefined;
  return transients.find(({ pattern }) => own.every((text) => pattern.test(text)))?.status;
}
