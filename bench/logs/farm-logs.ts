import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeFlags, tasksFlags } from "../../stacks/logs/flags";
import { Logs } from "../../stacks/logs/schema";
import { limits } from "../../stacks/logs/services";
import { freePort } from "../../tests/support/free-port";
import { flagsHere, start, victoriaLogs, type Here, type Started } from "../../tests/support/victoria-logs";
import { ControlGroup } from "./control-group";
import { DockerLog, rotationOf } from "./docker-log";
import { bucketSize, type Bucket } from "./stored";

/** The store and one node's sender, with the arguments and limits that they have on a farm with `logs: {}`. */
export class FarmLogs {
  readonly #sizes = Logs.parse({});
  readonly #groups = {
    store: new ControlGroup("store", { ...limits.store, memoryMiB: this.#sizes.memoryMiB }),
    sender: new ControlGroup("sender", limits.sender),
  };
  readonly #programs: { store?: Started; sender?: Started } = {};

  private constructor(
    private readonly bin: string,
    private readonly here: Here,
  ) {}

  /** Starts both. @throws Error if there is no Go to build them */
  static async started(): Promise<FarmLogs> {
    const bin = victoriaLogs();
    if (bin === undefined) throw new Error("VictoriaLogs is built by Go, and there is no go: install it");
    const folder = mkdtempSync(join(tmpdir(), "bench-logs-"));
    const logs = new FarmLogs(bin, { folder, ports: { store: await freePort(), tasks: await freePort() } });
    mkdirSync(join(folder, "containers"));
    await logs.startStore();
    return logs;
  }

  async startStore(): Promise<void> {
    this.#programs.store = this.#start("start-store", storeFlags(this.#sizes), this.#groups.store);
    for (let tries = 1; !(await this.#answers()); tries += 1) {
      if (tries > 300) throw new Error(`the store does not start: ${this.#programs.store.log()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Looks for new files every 10 s: starts once the files are there. */
  startSender(): void {
    this.#programs.sender = this.#start("vlagent", tasksFlags(join(this.here.folder, "agent")), this.#groups.sender);
  }

  async stopStore(): Promise<void> {
    await this.#programs.store?.stop();
  }

  async end(): Promise<void> {
    await Promise.all([this.#programs.sender?.stop(), this.#programs.store?.stop()]);
    for (const group of Object.values(this.#groups)) group.remove();
    rmSync(this.here.folder, { recursive: true });
  }

  container(tag: string): DockerLog {
    return new DockerLog(join(this.here.folder, "containers"), tag, rotationOf());
  }

  /** Seconds of CPU so far, and memory now in MiB. */
  usage(): Readonly<Record<"store" | "sender", { readonly cpuSeconds: number; readonly memoryMiB: number }>> {
    const of = (group: ControlGroup) => ({ cpuSeconds: group.cpuSeconds(), memoryMiB: group.memoryMiB() });
    return { store: of(this.#groups.store), sender: of(this.#groups.sender) };
  }

  /** Lines that the store has taken since it started. */
  async taken(): Promise<number> {
    const answer = await fetch(this.#url("/metrics")).catch((cause: unknown) => {
      throw new Error(`the store does not answer: ${this.#programs.store?.log() ?? ""}`, { cause });
    });
    const text = await answer.text();
    const counters = [...text.matchAll(/^vl_rows_ingested_total\{[^}]*\} (\d+)$/gm)];
    return counters.reduce((sum, [, lines]) => sum + Number(lines), 0);
  }

  /** Lines of a container that a search finds. */
  async found(tag: string): Promise<number> {
    const [row] = await this.#query<{ lines: string }>(`"attrs.tag":="${tag}" | stats count() as lines`);
    return Number(row?.lines ?? 0);
  }

  /** The lines of a container by their numbers. */
  async buckets(tag: string): Promise<readonly Bucket[]> {
    const rows = await this.#query<Record<keyof Bucket, string>>(
      `"attrs.tag":="${tag}" | extract "seq=<seq> " from _msg | math floor(seq / ${String(bucketSize)}) as bucket` +
        " | stats by (bucket) count() as lines, sum(seq) as sum",
    );
    return rows.map((row) => ({ bucket: Number(row.bucket), lines: Number(row.lines), sum: Number(row.sum) }));
  }

  /** Bytes on the store's disk. */
  diskBytes(): number {
    const output = execFileSync("du", ["-s", "--block-size=1", join(this.here.folder, "store")], { encoding: "utf8" });
    return Number.parseInt(output, 10);
  }

  #start(program: "start-store" | "vlagent", flags: readonly string[], group: ControlGroup): Started {
    return start(this.bin, program, flagsHere(flags, this.here), group.through);
  }

  #url(path: string): string {
    return `http://127.0.0.1:${String(this.here.ports.store)}${path}`;
  }

  async #answers(): Promise<boolean> {
    return fetch(this.#url("/health")).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async #query<Row>(query: string): Promise<readonly Row[]> {
    const answer = await fetch(this.#url("/select/logsql/query"), {
      method: "POST",
      body: new URLSearchParams({ query }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the store answers ${String(answer.status)}: ${text}`);
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row);
  }
}
