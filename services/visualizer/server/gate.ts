import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { allowedTarget } from "./docker/allow.ts";
import { type Docker, DockerError } from "./docker/client.ts";
import { reasonOf } from "./docker/logs.ts";

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(`${JSON.stringify({ message })}\n`);
}

async function answer(docker: Docker, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url = "" } = request;
  if (method !== "GET") {
    refuse(response, 405, "only GET passes this gate");
    return;
  }
  const target = allowedTarget(method, url);
  if (target === undefined || request.headers.upgrade !== undefined) {
    refuse(response, 403, "this path does not pass the gate");
    return;
  }
  const gone = new AbortController();
  response.on("close", () => {
    gone.abort();
  });
  try {
    // Nothing of the request but its checked target goes on: no header, no body.
    const { type, body } = await docker.get(target, { signal: gone.signal, endless: true });
    response.writeHead(200, { "content-type": type });
    response.flushHeaders();
    await pipeline(body, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else refuse(response, error instanceof DockerError ? error.status : 502, reasonOf(error));
  }
}

/** A gate to Docker through which only the fixed list of reading requests passes. */
export function makeGate(docker: Docker): Server {
  return createServer((request, response) => {
    void answer(docker, request, response);
  });
}
