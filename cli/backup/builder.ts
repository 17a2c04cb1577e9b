/** The parts of `up` that a restore uses. */
export interface Builder {
  /** Starts the farm's hypervisor if it does not run, as a step. */
  startHypervisor(): Promise<void>;
  /** Installs and builds what a VM needs. */
  setUp(): Promise<void>;
  /** Runs Pulumi where the hypervisor is, without the checks of `./farm up`. */
  pulumi(...args: readonly string[]): Promise<void>;
}
