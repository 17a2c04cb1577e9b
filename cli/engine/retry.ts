/** The status of a run whose libvirt provider was killed; 75 is "try again" of sysexits.h. */
export const providerKilledStatus = 75;

/** How a run is repeated. */
export interface Retry {
  readonly reason: string;
  /** Whether an update refreshes first, since Swarm has changed what the state says. Default: no. */
  readonly refreshes?: boolean;
}

/** A fault that is known to pass when the run is repeated. */
export interface Transient extends Retry {
  /** The status of the run. */
  readonly status: number;
  /** Of an error's text. */
  readonly pattern: RegExp;
}

/** The faults that are known to pass. */
export const transients: readonly Transient[] = [
  {
    // The Docker provider removes a service and waits for its tasks on the manager, for `stop_grace_period` and no longer; Docker
    // kills a task only then, so the provider fails although the service is gone; it also fails to delete one that is gone, so that the
    // state has to lose it first.
    status: 76,
    pattern: /error on wait for container .*context deadline exceeded/s,
    reason: "a removed service's task took longer than its stop_grace_period to stop; retrying",
    refreshes: true,
  },
  {
    // The libvirt provider reads a seed disk back after it wrote it, and an official one takes libvirtd's late reply for the end:
    // go-libvirt of terraform-provider-libvirt 0.8.3.
    status: 79,
    pattern: /error while retrieving remote ISO: .*EOF/s,
    reason: "libvirt provider could not read back a seed disk; retrying",
  },
  {
    // A node that does not answer its manager for 5 s gets a new session. The list of tasks that comes with it cancels the start of a
    // task, which Docker takes for its failure; the update is rolled back. Docker 26.1.
    status: 80,
    pattern: /starting container failed: context canceled/,
    reason: "a busy node cancelled the start of a task, so that Swarm rolled an update back; retrying",
    refreshes: true,
  },
  {
    // A node's pull waits 15 s for the registry's first answer. Docker then names the image, and not the reason. Docker 26.1.
    status: 82,
    pattern: /"No such image: registry\.internal:/,
    reason: "a busy registry did not answer a node in time, so that Swarm rolled an update back; retrying",
    refreshes: true,
  },
  {
    // systemctl waits 25 s for systemd, which pulls of images on a small node can hold up for longer; the scripts may run twice.
    status: 83,
    pattern: /stderr ended with:.*Failed to .*: Connection timed out/s,
    reason: "systemd of a busy node did not answer in time; retrying",
  },
  {
    // The object may be there all the same: what no state has is removed before an update that follows a failed one.
    status: 81,
    pattern: /rpc error: code = DeadlineExceeded/,
    reason: "a busy manager did not answer in time; retrying",
  },
];

/** How a run with such a status is repeated. */
export const retries: ReadonlyMap<number, Retry> = new Map<number, Retry>([
  [providerKilledStatus, { reason: "libvirt provider hung; killed it and retrying" }],
  ...transients.map((transient) => [transient.status, transient] as const),
]);

/** The engine's own error that follows the others. */
const followUp = /^(error: )?(update|destroy) failed$/;

/** The status of a run with these errors, if each is about a fault that passes: that of one that needs a refresh, if there is one. */
export function retryStatusOf(errors: readonly string[]): number | undefined {
  const own = errors.filter((text) => !followUp.test(text.trim()));
  const found = own.map((text) => transients.find(({ pattern }) => pattern.test(text)));
  if (found.includes(undefined)) return undefined;
  return (found.find((each) => each?.refreshes) ?? found[0])?.status;
}
