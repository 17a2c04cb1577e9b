/**
 * A number with its noun: `1 route`, `2 routes`, `1 route answers`.
 *
 * @param many what follows every number but 1. Default: `one` with an s
 */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
