/** Where something stands in a compose file, or in a file that it names. */
export interface Position {
  /** As the configuration or the compose file names it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** `file:line`, as editors and terminals open it. */
export function formatPosition({ file, line }: Position): string {
  return `${file}:${String(line)}`;
}
