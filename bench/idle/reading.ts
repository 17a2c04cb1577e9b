import { z } from "zod";

const Reading = z.object({
  /** `node`: all of it; `unit` and `container`: a control group; `program`: a part of a unit, without what it started. */
  kind: z.enum(["node", "unit", "container", "program"]),
  name: z.string().min(1),
  /** Microseconds of an emulated CPU in the interval. */
  cpu: z.number().nonnegative(),
  /** Bytes at its end, of a control group without pages of files. */
  memory: z.number().nonnegative(),
});

/** The use of a program of a node. */
export type Reading = z.infer<typeof Reading>;

/** Reads what sample.sh prints. @throws Error on a line that it does not print, and when the node's own is missing */
export function parseReadings(text: string): Reading[] {
  const readings = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [kind, name, cpu, memory] = line.split(" ");
      const read = Reading.safeParse({ kind, name, cpu: Number(cpu), memory: Number(memory) });
      if (!read.success) throw new Error(`'${line}' is not a line of sample.sh`);
      return read.data;
    });
  if (!readings.some(({ kind }) => kind === "node")) throw new Error("the sample has no line of the node");
  return readings;
}

/** The service of a task's container; the name itself of any other container. */
export function serviceOf(container: string): string {
  return container.replace(/\.[^.]+\.[a-z0-9]{25}$/, "");
}
