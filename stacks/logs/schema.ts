import { z } from "zod";
import { Name } from "../../infra/config/primitives";

/** The keys of `logs`. */
export const Logs = z
  .strictObject({
    node: Name.optional().describe(
      "The node that has the store and its data; on another one it starts empty. Default: the first manager.",
    ),
    retentionDays: z.int().min(1).max(3650).default(14).describe("How long logs are kept, at most."),
    diskMiB: z
      .int()
      .min(256)
      .max(1_048_576)
      .default(2048)
      .describe("Disk for logs on that node: above it the oldest days are deleted, except the last two."),
    memoryMiB: z
      .int()
      .min(64)
      .max(65_536)
      .default(128)
      .describe("Memory that the store may use; half of it is reserved."),
  })
  .describe(
    "Logs of all tasks and the nodes' journals in one place, searched by `./farm logs` and on a page ([how](how-to/logs.md)). Default: not deployed.",
  );

export type LogsConfig = z.infer<typeof Logs>;
