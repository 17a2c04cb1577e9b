/** The sum; 0 of nothing. */
export function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
