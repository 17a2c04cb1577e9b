import type { Backup } from "../backup/backup-file";
import type { SnapshotName } from "../backup/snapshots";
import { passphraseOf } from "../backup/passphrase";
import { EndedWith, FarmError } from "../base/errors";
import { loadConfiguration } from "../context/configuration";
import type { Context } from "../context/context";
import { keepRehearsal } from "../doctor/rehearsal";
import { CommandError, run } from "../process/run";
import { pulumiReason } from "../pulumi/answer";
import { duration } from "../report/reporter";
import { ageOf, type Chosen } from "./chosen";
import { mapOf, rehearsalKeys, unreadable, type Keys, type Part } from "./configuration";
import { alone, claimRehearsal, rehearsalContext, removeRehearsal } from "./farm";
import { memoryOf, type RawNode } from "./few-nodes";
import { generatedPassword, needMemory, presentSnapshots } from "./present";
import * as restored from "./restored";
import { readDocument, writeDocument, type StackDocument } from "./stack-file";

/** The commands that build a rehearsal's farm. */
export interface RehearsalBuilder {
  /** Creates the Pulumi stack. */
  initStack(farm: Context): Promise<void>;
  /** `./farm up`. @throws FarmError, EndedWith */
  up(farm: Context): Promise<void>;
}

/** The backup: a file, or snapshots, of which one may be named. */
export type Source = { readonly archive: Backup } | { readonly snapshot: SnapshotName | undefined };

interface Options {
  /** Leaves the rehearsal's farm for a look at it. */
  readonly keep: boolean;
}

/**
 * Builds a farm from the last backup beside the farm, which it does not touch, checks it, and removes it again.
 *
 * @throws FarmError if it cannot be rehearsed, or did not pass; doctor reports that
 */
export async function rehearse(
  context: Context,
  builder: RehearsalBuilder,
  source: Source,
  options: Options,
): Promise<void> {
  const farm = rehearsalContext(context);
  const document = readDocument(context);
  if ("archive" in source || document.others.top.encryptionsalt !== undefined) passphraseOf(context.environment);
  const encrypted = unreadable(document.keys);
  if (encrypted !== undefined)
    throw new FarmError(
      `'swarm-farm:${encrypted}' is encrypted as a whole, so that the rehearsal cannot leave out what acts outside: encrypt the values in it, with --path`,
    );
  await alone(context, async () => new Rehearsal(context, farm, builder, document, source).run(options));
}

/** One rehearsal: what it has measured and what went wrong. */
class Rehearsal {
  private readonly began = new Date();
  private readonly problems: string[] = [];
  private readonly steps: string[] = [];
  private chosen: Chosen = { snapshots: [], missing: [] };
  private part: Omit<Part, "farm"> = { stacks: "all", needed: [], everyNode: false, egress: false, backups: false };

  constructor(
    private readonly context: Context,
    private readonly farm: Context,
    private readonly builder: RehearsalBuilder,
    private document: StackDocument,
    private readonly source: Source,
  ) {}

  async run({ keep }: Options): Promise<void> {
    const { context, farm } = this;
    await this.choose();
    await claimRehearsal(context, farm);
    await this.plan();
    const builtFrom = Date.now();
    let rtoSeconds = 0;
    try {
      await this.restore();
    } catch (error) {
      if (context.signal.aborted) throw error;
      this.problems.push(reasonOf(error));
    } finally {
      rtoSeconds = Math.round((Date.now() - builtFrom) / 1000);
      if (keep && !context.signal.aborted)
        context.report.say(`the rehearsal's farm is left: ./farm --stack ${farm.stack}; the next rehearsal removes it`);
      else await context.report.step("removal", () => removeRehearsal(farm).then(() => `of ${farm.stack}`));
    }
    this.conclude(rtoSeconds);
  }

  /** Chooses the snapshots, before anything is built. */
  private async choose(): Promise<void> {
    if ("archive" in this.source) return;
    this.chosen = await presentSnapshots(this.context, this.source.snapshot);
    this.problems.push(...this.chosen.missing);
    const volumes = this.chosen.snapshots.filter(({ kind }) => kind === "volume");
    this.part = { ...this.part, backups: true, needed: [...new Set(volumes.map(({ node }) => node))] };
  }

  /** Decides on nodes that have a place for every service, and that fit beside the farm. */
  private async plan(): Promise<void> {
    try {
      if (!this.isAccepted()) {
        this.part = { ...this.part, everyNode: true };
        this.write({});
        loadConfiguration(this.farm);
      }
      const { nodes } = this.keysOf({});
      needMemory(memoryOf(mapOf(nodes) as Readonly<Record<string, RawNode>>));
      this.context.report.say(`rehearsal: ${this.farm.stack}, ${Object.keys(mapOf(nodes)).join(", ")}`);
    } catch (error) {
      await removeRehearsal(this.farm);
      throw error;
    }
  }

  /** Whether the configuration's rules accept the present choice of nodes. */
  private isAccepted(): boolean {
    this.write({});
    try {
      loadConfiguration(this.farm);
      return true;
    } catch (error) {
      if (!(error instanceof FarmError)) throw error;
      return false;
    }
  }

  private keysOf(change: Partial<Part>): Keys {
    return rehearsalKeys(this.document.keys, { farm: this.context.stack, ...this.part, ...change });
  }

  private write(change: Partial<Part>): void {
    writeDocument(this.farm, { keys: this.keysOf(change), others: this.document.others });
  }

  private async restore(): Promise<void> {
    const { context, farm, builder, source } = this;
    const { snapshots } = this.chosen;
    const data = snapshots.filter(({ kind }) => kind !== "swarm");
    if ("archive" in source) {
      await this.timed("farm", () => builder.up(farm));
      if (source.archive.has("mysql.sql")) await this.step("database", () => restored.loadFile(farm, source.archive));
    } else {
      const backups = mapOf(this.document.keys.backups);
      const { folder } = mapOf(backups.to);
      const before = { stacks: "data", egress: folder === undefined } as const;
      this.write(before);
      await builder.initStack(farm);
      if (backups.password === undefined) await this.setPassword();
      // The salt of a farm without encrypted values is new.
      const { top } = readDocument(farm).others;
      this.document = { ...this.document, others: { ...this.document.others, top } };
      this.write(before);
      await this.timed("nodes", () => builder.up(farm));
      if (typeof folder === "string")
        await this.step("repositories", () => restored.copyRepositories(context, farm, folder, data));
      const failed = new Set<string>();
      for (const snapshot of snapshots) {
        const from = snapshot.kind === "swarm" ? context : farm;
        if (!(await this.step(`${snapshot.kind} ${snapshot.name}`, () => restored.read(from, snapshot))))
          failed.add(snapshot.id);
      }
      this.write({});
      await this.timed("services", () => builder.up(farm));
      for (const snapshot of snapshots.filter(({ kind, id }) => kind === "dump" && !failed.has(id)))
        await this.step(`load ${snapshot.name}`, () => restored.load(farm, snapshot, backups));
    }
    await this.step("routes", () => restored.askEachRoute(farm));
  }

  /** Encrypts the present password for the rehearsal's configuration. */
  private async setPassword(): Promise<void> {
    const { context, farm } = this;
    const argv = ["pulumi", "config", "set", "--path", "--secret", "swarm-farm:backups.password"] as const;
    const options = { cwd: farm.repository, env: farm.environment, input: await generatedPassword(context) };
    const { status, stderr } = await run(argv, options);
    if (status !== 0) throw new FarmError(pulumiReason(farm, stderr));
    this.part = { ...this.part, password: mapOf(readDocument(farm).keys.backups).password };
  }

  /** A step that may fail while the rest goes on. */
  private async step(name: string, work: () => Promise<string>): Promise<boolean> {
    try {
      await this.timed(name, () => this.context.report.step(name, work));
      return true;
    } catch (error) {
      if (this.context.signal.aborted || !(error instanceof FarmError)) throw error;
      this.problems.push(`${name}: ${error.message}`);
      return false;
    }
  }

  private async timed(name: string, work: () => Promise<void>): Promise<void> {
    const began = Date.now();
    await work();
    this.context.signal.throwIfAborted();
    this.steps.push(`${name} ${duration((Date.now() - began) / 1000)}`);
  }

  private conclude(rtoSeconds: number): void {
    const { context, source, problems } = this;
    const data = "archive" in source ? [{ time: source.archive.manifest.date }] : this.chosen.snapshots;
    const rpoSeconds = ageOf(data, this.began.getTime());
    const of =
      "archive" in source ? source.archive.file : data.length === 1 ? "a snapshot" : `${String(data.length)} snapshots`;
    keepRehearsal(context, {
      at: `${this.began.toISOString().slice(0, 19)}Z`,
      source: of,
      problems,
      rpoSeconds,
      rtoSeconds,
    });
    const lines = [
      `data lost (RPO)   ${duration(rpoSeconds)}, the age of the oldest of ${of}`,
      `time to be back (RTO)  ${duration(rtoSeconds)}: ${this.steps.join(", ")}`,
    ];
    for (const line of lines) context.report.say(line);
    if (problems.length > 0)
      throw new FarmError(`the rehearsal failed:\n${problems.map((each) => `  ${each}`).join("\n")}`);
    context.report.say("the rehearsal passed");
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof EndedWith) return "its farm could not be built, for the reason above";
  if (error instanceof FarmError || error instanceof CommandError) return error.message;
  throw error;
}
