import { stripVTControlCharacters } from "node:util";

/** The lines of a failure's output that the end repeats: as many of its beginning as of its end. */
const repeatedLines = 20;

/** Counts results of checks and tests, prints a line for each, and repeats the failures at the end. */
export class Results {
  private readonly failures: { readonly name: string; readonly output: string }[] = [];
  private passed = 0;
  private failed = 0;
  private skipped = 0;

  constructor(readonly print: (line: string) => void) {}

  add(passed: number, failed = 0, skipped = 0): void {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
  }

  /** Counts of a group of tests; its output is shown if one of them failed. */
  group(name: string, passed: number, failed: number, skipped = 0, output = ""): void {
    this.add(passed, failed, skipped);
    this.print(`${failed === 0 ? "✓" : "✗"} ${name.padEnd(28)} ${String(passed)} passed, ${String(failed)} failed`);
    if (failed === 0) return;
    this.show(linesOf(output));
    this.repeat(name, output);
  }

  /** One failure, with its output. */
  failure(name: string, output = ""): void {
    this.add(0, 1);
    this.print(`✗ ${name}`);
    this.show(linesOf(output));
    this.repeat(name, output);
  }

  /** Keeps a failure that is counted and printed already, for the end. */
  repeat(name: string, output: string): void {
    this.failures.push({ name, output });
  }

  skip(name: string, reason: string): void {
    this.add(0, 0, 1);
    this.print(`- ${name}: skipped, ${reason}`);
  }

  /** Prints the failures once more, so that they stand where a long log ends, and the summary. */
  end(): void {
    for (const { name, output } of this.failures) {
      this.print(`✗ ${name}`);
      const lines = linesOf(stripVTControlCharacters(output));
      const omitted = lines.length - 2 * repeatedLines;
      const repeated =
        omitted > 0
          ? [...lines.slice(0, repeatedLines), `… ${String(omitted)} lines …`, ...lines.slice(-repeatedLines)]
          : lines;
      this.show(repeated);
    }
    this.print(this.summary);
  }

  private show(lines: readonly string[]): void {
    for (const line of lines) this.print(`  │ ${line}`);
  }

  get hasFailures(): boolean {
    return this.failed > 0;
  }

  /** The summary. */
  get summary(): string {
    const skipped = this.skipped === 0 ? "" : `, ${String(this.skipped)} skipped`;
    return `${String(this.passed)} passed, ${String(this.failed)} failed${skipped}`;
  }
}

function linesOf(output: string): string[] {
  return output.split("\n").filter((line) => line.trim() !== "");
}
