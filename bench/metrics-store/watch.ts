import { useOf } from "../process";
import type { Store } from "./stores";

/** Looks at the programs of a store while they scrape. */
export class Watch {
  readonly #store: Store;
  readonly #cpuBefore: readonly number[];
  #cpu: readonly number[] = [];
  #last = { resident: 0, anonymous: 0 };
  #peak = { resident: 0, anonymous: 0, alertsResident: 0, alertsAnonymous: 0 };

  constructor(store: Store) {
    this.#store = store;
    this.#cpuBefore = store.programs.map(({ pid }) => useOf(pid).cpuSeconds);
  }

  look(): void {
    const uses = this.#store.programs.map(({ pid }) => useOf(pid));
    const [, ...alerts] = uses;
    const sums = (key: "resident" | "anonymous", of: typeof uses) => of.reduce((sum, use) => sum + use[key], 0);
    this.#last = { resident: sums("resident", uses), anonymous: sums("anonymous", uses) };
    this.#peak = {
      resident: Math.max(this.#peak.resident, this.#last.resident),
      anonymous: Math.max(this.#peak.anonymous, this.#last.anonymous),
      alertsResident: Math.max(this.#peak.alertsResident, sums("resident", alerts)),
      alertsAnonymous: Math.max(this.#peak.alertsAnonymous, sums("anonymous", alerts)),
    };
    this.#cpu = uses.map(({ cpuSeconds }, at) => cpuSeconds - (this.#cpuBefore[at] ?? NaN));
  }

  /** The figures of all looks so far. Memory in MiB. */
  figures() {
    const [own = NaN, alerts = 0] = this.#cpu;
    return {
      residentPeak: this.#peak.resident,
      residentEnd: this.#last.resident,
      anonymousPeak: this.#peak.anonymous,
      anonymousEnd: this.#last.anonymous,
      alertsResidentPeak: this.#peak.alertsResident,
      alertsAnonymousPeak: this.#peak.alertsAnonymous,
      cpuSeconds: own + alerts,
      alertsCpuSeconds: alerts,
    };
  }
}
