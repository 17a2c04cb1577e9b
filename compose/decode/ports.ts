import { isIP } from "node:net";
import type { ComposePort } from "../model/service";
import type { Cursor } from "../yaml/cursor";

const protocols = ["tcp", "udp", "sctp"] as const;
type Protocol = (typeof protocols)[number];

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Ports in the short and the long form; each of a range is one. */
export function ports(cursor: Cursor | undefined): readonly ComposePort[] {
  return (cursor?.items() ?? []).flatMap((item) => (item.isMap ? longForm(item) : shortForm(item)));
}

function longForm(cursor: Cursor): ComposePort[] {
  const target = cursor.get("target")?.count();
  if (target === undefined || target < 1 || target > 65535) {
    cursor.refuse("'target' is a port from 1 to 65535", "write the container's port");
    return [];
  }
  const protocol = cursor.get("protocol")?.oneOf(protocols) ?? "tcp";
  const mode = cursor.get("mode")?.oneOf(["ingress", "host"]) ?? "ingress";
  const base = { target, protocol, mode, at: cursor.at };
  const published = cursor.get("published");
  if (published === undefined) return [base];
  const range = publishedRange(published);
  return range === undefined || range.first === 0
    ? [base]
    : numbers(range).map((each) => ({ ...base, published: each }));
}

function publishedRange(cursor: Cursor): Range | undefined {
  const { node } = cursor;
  const text = node.kind !== "scalar" ? "" : node.type === "number" ? node.text : cursor.plain();
  const range = text === undefined ? undefined : rangeOf(text);
  if (range === undefined)
    return cursor.refuse("this is no port from 1 to 65535", "write a number, or a range such as '8000-8002'");
  if (node.kind === "scalar" && node.type === "string" && !node.interpolated)
    cursor.findings.improve(
      cursor.at,
      cursor.path,
      "docker takes a number without quotes alone; here text and ranges too",
    );
  return range;
}

function shortForm(cursor: Cursor): ComposePort[] {
  const { node } = cursor;
  const spec = node.kind === "scalar" && node.type === "number" ? node.text : cursor.plain();
  if (spec === undefined) return [];
  const found = parsePort(spec);
  if (found === undefined) {
    const sexagesimal = node.kind === "scalar" && node.type === "number";
    cursor.refuse(
      `'${spec}' is no port`,
      sexagesimal ? "write it in quotes" : "write 'published:target', e.g. '8080:80/tcp'",
    );
    return [];
  }
  if (found.address !== undefined && !/^(0\.0\.0\.0|::)$/.test(found.address))
    cursor.findings.hint(
      cursor.at,
      cursor.path,
      `the address '${found.address}' is ignored, as by docker: the port listens on every address of every node`,
      "publish no port and let the load balancer route to the service, if it is not for everybody",
    );
  return found.ports.map((port) => ({ ...port, mode: "ingress", at: cursor.at }));
}

/** A port as docker reads it: `[[address:]published:]target[/protocol]`, each a number or a range. */
export function parsePort(
  spec: string,
):
  | { readonly address?: string; readonly ports: readonly Pick<ComposePort, "target" | "published" | "protocol">[] }
  | undefined {
  const parts = spec.split(":");
  const [last = "", publishedText = ""] = [parts.at(-1), parts.at(-2)];
  const address = parts
    .slice(0, -2)
    .join(":")
    .replace(/^\[(.*)\]$/, "$1");
  const [targetText = "", protocolText = "tcp"] = last.split("/");
  const protocol = protocols.find((each) => each === (protocolText || "tcp").toLowerCase());
  const target = rangeOf(targetText);
  const published = publishedText === "" ? undefined : rangeOf(publishedText);
  if (protocol === undefined || target === undefined || (publishedText !== "" && published === undefined))
    return undefined;
  if (address !== "" && isIP(address) === 0) return undefined;
  const pairs = pairUp(target, published, protocol);
  return pairs && { ...(address === "" ? {} : { address }), ports: pairs };
}

function pairUp(target: Range, published: Range | undefined, protocol: Protocol) {
  if (published === undefined) return numbers(target).map((each) => ({ target: each, protocol }));
  const sameSize = target.last - target.first === published.last - published.first;
  if (!sameSize && target.first !== target.last) return undefined;
  const pairs = numbers(published).map((each, i) => ({
    target: sameSize ? target.first + i : target.first,
    published: each,
    protocol,
  }));
  // Docker sorts the ports of one entry as texts.
  return pairs.sort((a, b) => (String(a.target) < String(b.target) ? -1 : Number(String(a.target) > String(b.target))));
}

function rangeOf(text: string): Range | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return last >= first && last <= 65535 ? { first, last } : undefined;
}

function numbers({ first, last }: Range): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
