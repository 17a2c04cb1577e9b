import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { listening, type Served } from "./serve";

/** A request as the backend received it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: number;
  readonly digest: string;
}

/** A server that answers with what it saw, or as the path asks; it counts how often each `?run=` came. */
export interface Backend extends Served {
  readonly runs: ReadonlyMap<string, number>;
}

type Answer = (request: IncomingMessage, response: ServerResponse, rest: string) => void;

const answers: Readonly<Record<string, Answer>> = {
  status: (_, response, rest) => response.writeHead(Number(rest)).end(),
  header: (_, response, rest) => response.writeHead(200, { "X-Large": "a".repeat(Number(rest)) }).end(),
  cookies: (_, response) => response.writeHead(200, { "Set-Cookie": ["a=1; Path=/", "b=2; Path=/"] }).end(),
  redirect: ({ headers }, response) =>
    response.writeHead(302, { Location: `https://${headers.host ?? ""}/style.css` }).end(),
  internal: (_, response) => response.writeHead(200, { "X-Accel-Redirect": "/secret/" }).end("page"),
  // The second event comes when the client is gone: one that waits for the end gets nothing.
  events: (_, response) => response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: first\n\n"),
  range: ({ headers }, response) =>
    response.writeHead(headers.range === undefined ? 200 : 206, { "Content-Range": "bytes 0-3/10" }).end("0123"),
  etag: ({ headers }, response) =>
    response.writeHead(headers["if-none-match"] === '"v1"' ? 304 : 200, { ETag: '"v1"' }).end(),
  early: (_, response) => response.writeHead(403, { Connection: "close" }).end("no"),
  silent: () => undefined,
  late: (_, response, rest) => setTimeout(() => response.end("late"), Number(rest)),
  drop: ({ socket }) => socket.destroy(),
  text: (_, response) => response.end("text"),
};

/** Starts it on a free port of 127.0.0.1. */
export async function startBackend(): Promise<Backend> {
  const runs = new Map<string, number>();
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://backend");
    const run = searchParams.get("run");
    if (run !== null) runs.set(run, (runs.get(run) ?? 0) + 1);
    const [, first = "", rest = ""] = pathname.split("/");
    const answer = answers[first];
    if (answer) answer(request, response, rest);
    else echo(request, response);
  });
  // As a chat server does: the first bytes after the upgrade come back.
  server.on("upgrade", ({ headers }: IncomingMessage, socket: Socket) => {
    const key = `${headers["sec-websocket-key"] ?? ""}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`;
    const fields = [`Upgrade: ${headers.upgrade ?? ""}`, "Connection: Upgrade", accept];
    socket.write(["HTTP/1.1 101 Switching Protocols", ...fields, "", ""].join("\r\n"));
    socket.on("error", () => socket.destroy());
    socket.on("data", (data: Buffer) => {
      socket.write(data);
      if (data.includes("bye")) socket.end();
    });
  });
  return { runs, ...(await listening(server)) };
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const { method = "", url = "", headers } = request;
  const hash = createHash("sha256");
  let bytes = 0;
  request.on("data", (data: Buffer) => {
    bytes += data.length;
    hash.update(data);
  });
  request.on("end", () => {
    const seen: Seen = { method, url, headers, bytes, digest: hash.digest("hex") };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(seen));
  });
}
