import type { Mapping } from "./decode/values";
import type { Findings } from "./model/findings";
import type { Text } from "./model/text";

/**
 * Reads variables as docker does (pkg/kvfile): a line is `NAME=value`, quotes and what follows a `#` behind the value are part
 * of it, nothing is put in; `NAME` alone takes the variable of the configuration, and is left out without one.
 */
export function parseEnvFile(
  text: string,
  file: string,
  lookup: (name: string) => Text | undefined,
  findings: Findings,
): Mapping {
  const found = new Map<string, Text>();
  for (const [i, raw] of text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .entries()) {
    const written = raw.trimStart();
    if (written === "" || written.startsWith("#")) continue;
    const at = { file, line: i + 1 };
    const line = written.replace(/^export\s+(?=[A-Za-z_]\w*=)/, "");
    if (line !== written) findings.improve(at, "", "docker refuses 'export'; here it is left out");
    const end = line.indexOf("=");
    const name = end < 0 ? line : line.slice(0, end);
    if (name === "") findings.refuse(at, "", "a variable has no name", "write 'NAME=value'");
    else if (/[ \t]/.test(name))
      findings.refuse(at, "", `the variable '${name}' has a blank in its name`, "write 'NAME=value' without blanks");
    else {
      const value = end < 0 ? lookup(name) : line.slice(end + 1);
      if (value !== undefined) found.set(name, value);
      if (typeof value === "string" && end >= 0) hintAtDialect(value, name);
    }
    function hintAtDialect(value: string, variable: string): void {
      if (/^(["']).*\1$/.test(value))
        findings.hint(
          at,
          "",
          `the quotes are part of the value of '${variable}', as with docker`,
          "write it without quotes",
        );
      else if (/\s#/.test(value))
        findings.hint(
          at,
          "",
          `'#' and what follows are part of the value of '${variable}', as with docker`,
          "write the remark on a line of its own",
        );
      else if (/\$\{?[A-Za-z_]/.test(value))
        findings.hint(
          at,
          "",
          `no variable is put into the value of '${variable}', as with docker`,
          "write it under 'environment'",
        );
    }
  }
  return found;
}
