import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FarmError } from "../base/errors";
import { CommandError } from "../process/run";

/** Receives the progress of a running step. */
export interface Progress {
  /** The present action; on a terminal it replaces the previous one. */
  now(text: string): void;
  /** Appends to the step's log, which is shown in part if the step fails. */
  log(text: string): void;
}

/** The stream for lines of steps: standard error, since standard output is only for a command's result. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** The note of a step's line; a warning is marked: the step did its work, and found what needs more. */
export type Note = string | { readonly warning: string };

/** Where notes begin. */
const nameWidth = 19;

/** How many lines of a failed step's log are shown. */
const shownLines = 15;

/** One line for each step, with its name, its result and how long it took. */
export class Reporter {
  /** Whether the last line is transient. */
  private isTransient = false;

  constructor(
    private readonly terminal: Terminal,
    /** A folder for the steps' logs. */
    private readonly logs: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether lines can be replaced. */
  get isTerminal(): boolean {
    return this.terminal.isTTY === true;
  }

  /** One for another farm, whose steps have logs of their own. */
  withLogs(logs: string): Reporter {
    return new Reporter(this.terminal, logs, this.now);
  }

  /** Prints a plain line. */
  say(line: string): void {
    this.erase();
    this.terminal.write(`${line}\n`);
  }

  /**
   * Runs a step and prints its line.
   *
   * @param work returns the note of the finished line; further lines stand below it
   * @throws FarmError with a message of one line, after the end of the log
   */
  async step(name: string, work: (progress: Progress) => Promise<Note>): Promise<void> {
    const started = this.now();
    const file = join(this.logs, `${name.replaceAll(" ", "-")}.log`);
    mkdirSync(this.logs, { recursive: true });
    writeFileSync(file, "");
    const log = (text: string) => {
      writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`, { flag: "a" });
    };
    const took = () => duration((this.now() - started) / 1000);
    try {
      const note = await work({
        now: (text) => {
          this.transient(`  ${name.padEnd(nameWidth)} ${text}`);
        },
        log,
      });
      const [mark, text] = typeof note === "string" ? ["✓", note] : ["!", note.warning];
      const [first = "", ...more] = text.split("\n");
      this.say(`${mark} ${name.padEnd(nameWidth)} ${first.padEnd(44)} ${took()}`);
      for (const line of more) this.say(`  ${" ".repeat(nameWidth)} ${line}`);
    } catch (error) {
      if (!(error instanceof FarmError) && !(error instanceof CommandError)) throw error;
      if (error instanceof CommandError) log(error.result.stdout + error.result.stderr);
      this.say(`✗ ${name.padEnd(nameWidth)} failed after ${took()}`);
      const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-shownLines);
      for (const line of lines.filter(Boolean)) this.say(`  │ ${line}`);
      this.say(`  the whole log: ${file}`);
      throw new FarmError(error.message, error instanceof FarmError ? error.exitCode : 1);
    }
  }

  /** Prints a line that the next one replaces; without a terminal it stays. */
  transient(line: string): void {
    if (!this.terminal.isTTY) {
      this.say(line);
      return;
    }
    this.erase();
    this.isTransient = true;
    this.terminal.write(line.slice(0, (this.terminal.columns ?? 80) - 1));
  }

  /** Removes the transient line. */
  erase(): void {
    if (this.isTransient) this.terminal.write("\r\x1b[K");
    this.isTransient = false;
  }
}

/** @returns "12 s", or "1 min 15 s" from a minute on */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  return whole < 60 ? `${String(whole)} s` : `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
}
