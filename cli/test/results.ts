/** Counts results of checks and tests, and prints a line for each. */
export class Results {
  private passed = 0;
  private failed = 0;
  private skipped = 0;

  constructor(readonly print: (line: string) => void) {}

  add(passed: number, failed = 0, skipped = 0): void {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
  }

  /** Counts of a group of tests. */
  group(name: string, passed: number, failed: number, skipped = 0): void {
    this.add(passed, failed, skipped);
    this.print(`${failed === 0 ? "✓" : "✗"} ${name.padEnd(28)} ${String(passed)} passed, ${String(failed)} failed`);
  }

  /** One failure, with its output. */
  failure(line: string, printed = ""): void {
    this.add(0, 1);
    this.print(`✗ ${line}`);
    this.show(printed);
  }

  skip(name: string, reason: string): void {
    this.add(0, 0, 1);
    this.print(`- ${name}: skipped, ${reason}`);
  }

  show(printed: string): void {
    for (const line of printed.trimEnd().split("\n").filter(Boolean)) this.print(`  │ ${line}`);
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
