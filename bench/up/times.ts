/**
 * Seconds from the first step's begin until every node's Docker answered.
 *
 * @param lines of each step its name, and when it began and ended in seconds
 */
export function dockerSeconds(lines: readonly string[]): number {
  const steps = lines.map((line) => {
    const [name = "", began, ended] = line.trim().split(" ");
    return { name, began: Number(began), ended: Number(ended) };
  });
  const first = Math.min(...steps.map(({ began }) => began));
  return Math.max(...steps.filter(({ name }) => name.endsWith("-power")).map(({ ended }) => ended)) - first;
}
