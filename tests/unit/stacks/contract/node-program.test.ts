import { execFileSync } from "node:child_process";
import { nodeHeap } from "../../../../stacks/contract/node-program";

test.each([128, 160, 192])("a heap leaves a task of %d MiB a third of its memory", (memoryMiB) => {
  const program = "process.stdout.write(String(v8.getHeapStatistics().heap_size_limit / 2 ** 20))";
  const env = { PATH: process.env.PATH, ...nodeHeap(memoryMiB) };
  const limit = Number(execFileSync(process.execPath, ["-e", program], { env, encoding: "utf8" }));
  expect(limit).toBeGreaterThanOrEqual(memoryMiB / 2);
  expect(limit).toBeLessThanOrEqual((memoryMiB * 2) / 3);
});
