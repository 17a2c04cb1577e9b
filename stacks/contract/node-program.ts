/**
 * Variables of a Node.js program that keep its heap within half of its task's memory limit. Without them Node.js 22 lets a heap
 * grow to 259 MiB in a task of 192 MiB (`v8.getHeapStatistics()`), since it collects late: the kernel would end it first.
 *
 * The other half is for the program's code, its threads, and the young generation, which is thrice the semi-space.
 */
export function nodeHeap(memoryMiB: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--max-old-space-size=${String(Math.floor(memoryMiB / 2))} --max-semi-space-size=4` };
}

/** The grace of its first health checks: Node.js takes half a minute to start on a busy emulated CPU. */
export const nodeStartSeconds = 180;
