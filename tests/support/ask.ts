import { request, type RequestOptions } from "node:https";
import type { IncomingHttpHeaders } from "node:http";

/** An answer as a client has it that decodes nothing. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request without a body to a load balancer, and reads the answer; a chunked body is put together. */
export function ask(port: number, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, path, rejectUnauthorized: false, agent: false, ...options });
    call.on("error", reject);
    call.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("error", reject).on("data", (data: Buffer) => parts.push(data));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    call.end();
  });
}
