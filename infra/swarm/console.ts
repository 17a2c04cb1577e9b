import { shellQuote } from "../remote/shell";

/** Lines of a console that are shown: what a kernel or an init says last. */
const consoleLines = 15;

/**
 * Where Pulumi runs: shell text that tells on stderr what a node's console said last.
 *
 * @param consoleLog a file of the hypervisor, shown where that is this machine
 */
export function consoleTail(consoleLog: string): string {
  const log = shellQuote(consoleLog);
  return [
    `if [ -s ${log} ]; then`,
    `  echo ${shellQuote(`  its console said last (${consoleLog}):`)} >&2`,
    `  tail -n ${String(consoleLines)} ${log} | tr -d '\\r\\033' | sed 's/^/    /' >&2`,
    `elif [ -e ${log} ]; then`,
    `  echo ${shellQuote(`  its console said nothing (${consoleLog})`)} >&2`,
    "else",
    `  echo ${shellQuote(`  its console is written to ${consoleLog} on its hypervisor`)} >&2`,
    "fi",
  ].join("\n");
}
