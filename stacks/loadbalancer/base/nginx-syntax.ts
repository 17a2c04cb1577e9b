/** A block of an nginx.conf. */
export function block(head: string, ...body: readonly string[]): string {
  return lines(`${head} {`, ...body.flatMap((text) => text.trimEnd().split("\n")).map((text) => `  ${text}`), "}");
}

/** Directives and blocks, one below the other. */
export function lines(...texts: readonly string[]): string {
  return `${texts.map((text) => text.trimEnd()).join("\n")}\n`;
}
