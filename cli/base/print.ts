/** Prints the result of a command; nothing else goes to standard output. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") || text === "" ? text : `${text}\n`);
}
