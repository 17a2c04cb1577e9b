/** Fails with every line that breaks a rule, and with what the rule asks. */
export function expectNone(broken: readonly string[], rule: string): void {
  if (broken.length > 0) throw new Error(`${rule}\n  ${broken.join("\n  ")}`);
}
