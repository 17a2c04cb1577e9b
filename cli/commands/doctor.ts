import type { CommandDefinition } from "../command-line/command";
import { examine, summary } from "../doctor/doctor";
import { EndedWith, FarmError } from "../base/errors";
import { writeSshFiles } from "../nodes/ssh-files";
import { print } from "../base/print";

/** `./farm doctor`. */
export const doctor: CommandDefinition = {
  name: "doctor",
  summary: "report differences from the last 'up'",
  description:
    "Compares what is there with what the last 'up' left: VMs and their disks, nodes, their availability and labels, services, their images and replicas. Reports disks that are nearly full, certificates that expire soon, clocks that are wrong, and jobs that failed or were missed. It changes nothing and ends with 1 if it finds something, and with 2 if it cannot compare; './farm up --refresh' puts right what has no command beside it.",
  examples: [{ line: "./farm doctor", what: "a line for each finding, and what repairs it" }],
  async run(context) {
    await writeSshFiles(context);
    const diagnosis = await examine(context).catch((error: unknown) => {
      throw error instanceof FarmError ? new FarmError(error.message, 2) : error;
    });
    print(summary(diagnosis));
    if (diagnosis.findings.length > 0) throw new EndedWith(1);
  },
};
