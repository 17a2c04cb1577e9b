import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./sources";

/** A row of the table of open ports. */
export interface OpenPort {
  /** A number, or the key of the configuration that sets it. */
  readonly name: string;
  readonly port: number | undefined;
  readonly protocols: readonly string[];
  readonly where: string;
}

/**
 * The table of open ports in docs/security.md: its first column has a number or a key of the configuration, with the port that the key
 * has by default, and protocols: `22/tcp`, `7946/tcp,udp`, `loadbalancer.httpPort` 80/tcp.
 */
export function openPorts(page = readFileSync(join(repository, "docs", "security.md"), "utf8")): OpenPort[] {
  const [, table = ""] = /^## Open ports$([^]*?)(?=^## |(?![^]))/m.exec(page) ?? [];
  const rows = table.split("\n").filter((line) => line.startsWith("| ") && !/^\| (port|-)/.test(line));
  return rows.map((row) => {
    const [, first = "", where = ""] = row.split("|").map((cell) => cell.trim());
    const match = /^(?:`([\w.<>]+)`)? ?(\d+|any)\/([a-z,]+)$/.exec(first);
    if (!match) throw new Error(`docs/security.md: '${first}' is no port`);
    const [, key, number = "", protocols = ""] = match;
    const port = number === "any" ? undefined : Number(number);
    return { name: key ?? number, port, protocols: protocols.split(","), where };
  });
}
