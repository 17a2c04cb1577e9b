import { execFile } from "node:child_process";
import { promisify } from "node:util";

const runProgram = promisify(execFile);

/** The result of a measurement. */
export interface Figure {
  /** Requests per second, or connections per second. */
  readonly rate: number;
  /** The 99th percentile of the time until an answer is whole, in milliseconds. Undefined: it is not measured. */
  readonly p99?: number | undefined;
}

/** A measurement of one subject. */
export interface Case {
  readonly name: string;
  /** Whether it needs TLS, so that the server itself has none. */
  readonly isTls: boolean;
  /** Subjects that are left out, by their names. Default: none. */
  readonly without?: RegExp;
  measure(url: string, seconds: number): Promise<Figure>;
}

/** Requests on connections that stay open; wrk has one thread, since the programs share two cores with it. */
export function requests(path: string, connections: number): Case {
  return {
    name: `${path.slice(1)}, ${String(connections)} ${connections === 1 ? "connection" : "connections"}`,
    isTls: false,
    measure: async (url, seconds) => {
      const load = ["-t1", `-c${String(connections)}`, `-d${String(seconds)}s`, "--timeout", "10s", "--latency"];
      return parseWrk((await runProgram("wrk", [...load, `${url}${path}`])).stdout);
    },
  };
}

/** A connection for each request, with the session of the one before or with a new one. */
export function connections(kind: "new" | "reuse"): Case {
  return {
    name: kind === "new" ? "connections, each with a full handshake" : "connections that resume a session",
    isTls: true,
    measure: async (url, seconds) => {
      const { host } = new URL(url);
      // HAProxy's answer ends the connection; TLS 1.3 gives tickets after the handshake, which s_time does not wait for.
      const argv = ["s_time", "-connect", host, `-${kind}`, "-time", String(seconds), "-tls1_2"];
      return parseSTime((await runProgram("openssl", argv)).stdout);
    },
  };
}

const milliseconds: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** @throws Error if wrk measured nothing, or requests failed */
export function parseWrk(output: string): Figure {
  const rate = /^Requests\/sec: +([\d.]+)$/m.exec(output)?.[1];
  const [, p99, unit = ""] = /^ +99% +([\d.]+)(us|ms|s|m)$/m.exec(output) ?? [];
  const failed = /^ +Non-2xx or 3xx responses: .*$|^ +Socket errors: .*$/m.exec(output)?.[0];
  if (rate === undefined || p99 === undefined) throw new Error(`wrk measured nothing: ${output}`);
  if (failed !== undefined && !failed.includes("connect 0, read 0, write 0, timeout 0")) throw new Error(failed.trim());
  return { rate: Number(rate), p99: Number(p99) * (milliseconds[unit] ?? 1) };
}

/** @throws Error if openssl opened no connection */
export function parseSTime(output: string): Figure {
  const [, count, seconds] = /^(\d+) connections in (\d+) real seconds/m.exec(output) ?? [];
  if (count === undefined || Number(count) === 0) throw new Error(`openssl opened no connection: ${output}`);
  return { rate: Number(count) / Number(seconds) };
}
