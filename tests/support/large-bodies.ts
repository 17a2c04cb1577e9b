import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { behindProxy } from "./reverse-proxy";
import { kinds } from "./requests";
import { serve, type Served } from "./serve";

const run = promisify(execFile);

export const mib = 1024 * 1024;
const part = Buffer.alloc(mib, "swarm farm ");

/** Answers GET /N with N MiB, as fast as they are taken, and a PUT with the number of its bytes. */
const startBulk = (): Promise<Served> =>
  serve((call, response, { pathname }) => {
    if (call.method === "GET") {
      let left = Number(pathname.split("/").pop());
      response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": left * mib });
      const send = () => {
        while (left > 0) {
          left -= 1;
          if (!response.write(part)) return;
        }
        response.end();
      };
      response.on("drain", send);
      send();
      return;
    }
    let bytes = 0;
    call.on("data", (data: Buffer) => (bytes += data.length));
    call.on("end", () => response.end(String(bytes)));
  });

/** The memory of the balancer's task beside its `/tmp` (stacks/loadbalancer/loadbalancer.ts). */
export const memoryMiB = 96;

/** A load balancer in front of `startBulk`, with a route that takes bodies of so many MiB, and the redirect that `needsOf` asks for. */
export function bulkProxy(kind: (typeof kinds)[number], bodyMiB: number) {
  return behindProxy(kind, startBulk, (port) => {
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
    return {
      httpsPort: 443,
      routes: [
        { name: "site", path: "/", target, bodyMiB },
        { name: "redirected", path: "/redirected/", target },
      ],
    };
  });
}

/** Downloads so many MiB, and returns how many bytes came. @param slowSeconds during which it takes 1 MiB a second at most */
export function download(port: number, sizeMiB: number, slowSeconds = 0): Promise<number> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const call = request({
      host: "127.0.0.1",
      port,
      path: `/${String(sizeMiB)}`,
      rejectUnauthorized: false,
      agent: false,
    });
    call.on("error", reject);
    call.on("response", (response) => {
      let bytes = 0;
      response.on("error", reject).on("data", (data: Buffer) => {
        bytes += data.length;
        const seconds = (Date.now() - started) / 1000;
        if (seconds >= slowSeconds || bytes < seconds * mib) return;
        response.pause();
        setTimeout(() => response.resume(), Math.min(bytes / mib - seconds, slowSeconds - seconds) * 1000);
      });
      response.on("end", () => {
        resolve(bytes);
      });
    });
    call.end();
  });
}

/** Uploads so many MiB, and returns how many bytes the service counted. @param slowSeconds during which it sends 1 MiB a second at most */
export function upload(port: number, sizeMiB: number, slowSeconds = 0): Promise<number> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const headers = { "Content-Length": sizeMiB * mib };
    const call = request({ host: "127.0.0.1", port, method: "PUT", headers, rejectUnauthorized: false, agent: false });
    call.on("error", reject);
    call.on("response", (response) => {
      let text = "";
      response.on("error", reject).on("data", (data: Buffer) => (text += data.toString()));
      response.on("end", () => {
        resolve(Number(text));
      });
    });
    let sent = 0;
    const send = () => {
      while (sent < sizeMiB) {
        const seconds = (Date.now() - started) / 1000;
        if (seconds < slowSeconds && sent > seconds) {
          setTimeout(send, Math.min(sent - seconds, slowSeconds - seconds) * 1000 + 10);
          return;
        }
        sent += 1;
        if (!call.write(part)) {
          call.once("drain", send);
          return;
        }
      }
      call.end();
    };
    send();
  });
}

/** The most memory that a process and its children had resident so far, in MiB. */
export function peakMiB(pid: number): number {
  const statuses = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [[Number(name), readFileSync(`/proc/${name}/status`, "utf8")] as const];
      } catch {
        return [];
      }
    });
  const value = (status: string, field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return statuses
    .filter(([own, status]) => own === pid || value(status, "PPid") === pid)
    .reduce((sum, [, status]) => sum + value(status, "VmHWM") / 1024, 0);
}

/** The size of all files below a folder that grow while requests pass: neither configuration nor keys. */
export function temporaryBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath !== folder)
    .reduce(
      (sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

/** CPU and memory that a load balancer used during an event. */
export interface Needs {
  readonly peakMiB: number;
  readonly temporaryMiB: number;
  /** The longest that a request of somebody else took, in milliseconds. */
  readonly slowestMs: number;
  readonly seconds: number;
}

/** Waits for `work`, and measures; beside it twice a second another process asks the balancer for a redirect, `/redirected` to a route. */
export async function needsOf(
  proxy: { port: number; pid: number; folder: string },
  work: Promise<unknown>,
): Promise<Needs> {
  const started = Date.now();
  let [temporary, slowest, isDone] = [0, 0, false];
  const beside = (async () => {
    while (!isDone) {
      const url = `https://127.0.0.1:${String(proxy.port)}/redirected`;
      const { stdout } = await run("curl", ["-ksS", "-o", "/dev/null", "-w", "%{http_code} %{time_total}", url]);
      const [status, seconds] = stdout.split(" ");
      if (status !== "308") throw new Error(`a request beside it has the answer ${stdout}`);
      slowest = Math.max(slowest, Number(seconds) * 1000);
      temporary = Math.max(temporary, temporaryBytes(proxy.folder));
      await pause(500);
    }
  })();
  try {
    await work;
  } finally {
    isDone = true;
    await beside;
  }
  return {
    peakMiB: Math.round(peakMiB(proxy.pid)),
    temporaryMiB: temporary / mib,
    slowestMs: Math.round(slowest),
    seconds: (Date.now() - started) / 1000,
  };
}
