import { shellQuote } from "../remote/shell";

/**
 * Lines of a console that are shown: what a kernel or an init says last.
 *
 * Of what a command says last Pulumi shows twelve lines where the toolchain built its plugin: what was waited for stands
 * before these, with up to four lines of Docker's.
 */
const consoleLines = 6;

/** A filter that leaves out what moves a cursor or sets a colour, and empty lines. */
const legible = [
  String.raw`sed 's/\x1b\[[0-9;?!]*[a-zA-Z]//g; s/\x1b\][0-9;]*//g; s/\x1bc//g'`,
  String.raw`tr -d '\r\033\007'`,
  "grep '[^[:space:]]'",
].join(" | ");

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
    `  cat ${log} | ${legible} | tail -n ${String(consoleLines)} | sed 's/^/    /' >&2`,
    `elif [ -e ${log} ]; then`,
    `  echo ${shellQuote(`  its console said nothing (${consoleLog})`)} >&2`,
    "else",
    `  echo ${shellQuote(`  its console is written to ${consoleLog} on its hypervisor`)} >&2`,
    "fi",
  ].join("\n");
}
