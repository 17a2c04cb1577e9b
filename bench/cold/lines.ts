/** A step of a command, as its line says it. */
export interface Step {
  readonly name: string;
  readonly note: string;
  /** How long the step took. */
  readonly seconds: number;
}

/** `✓ name  note  1 min 5 s`, as cli/report/reporter.ts prints it; `!` for one that found what needs more. */
const line = /^[✓!] (.{19}) (.*?) +(?:(\d+) min )?(\d+) s$/gmu;

/** The ended steps of a command's output, in the order in which they ended. */
export function endedSteps(output: string): Step[] {
  return [...output.matchAll(line)].map(([, name = "", note = "", minutes = "0", seconds = "0"]) => ({
    name: name.trim(),
    note,
    seconds: Number(minutes) * 60 + Number(seconds),
  }));
}
