import * as grpc from "@grpc/grpc-js";
import type { Served } from "./serve";

const same = (bytes: Buffer) => bytes;

function method(name: string, requestStream: boolean, responseStream: boolean): grpc.MethodDefinition<Buffer, Buffer> {
  const coders = {
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  return { path: `/farm.Echo/${name}`, requestStream, responseStream, ...coders };
}

/** A service whose messages are bytes: one of each kind of call. */
export const echo = {
  /** Answers with the message, the metadata that it saw as JSON, and a trailer. `fail` ends with ABORTED. */
  Say: method("Say", false, false),
  /** Sends as many messages as asked for, 50 ms apart. */
  Count: method("Count", false, true),
  /** Answers with the number of bytes of all messages. */
  Sum: method("Sum", true, false),
  /** Sends each message back. */
  Chat: method("Chat", true, true),
};

const trailer = () => {
  const metadata = new grpc.Metadata();
  metadata.set("x-trailer", "end");
  return metadata;
};

const handlers: grpc.UntypedServiceImplementation = {
  Say: ((call, respond) => {
    const seen = JSON.stringify({ ...call.metadata.getMap(), host: call.getHost() });
    if (call.request.toString() === "fail") respond({ code: grpc.status.ABORTED, details: "as asked for" });
    else respond(null, Buffer.concat([call.request, Buffer.from(` ${seen}`)]), trailer());
  }) satisfies grpc.handleUnaryCall<Buffer, Buffer>,
  Count: ((call) => {
    let sent = 0;
    const timer = setInterval(() => {
      sent += 1;
      call.write(Buffer.from(String(sent)));
      if (sent < Number(call.request.toString())) return;
      clearInterval(timer);
      call.end(trailer());
    }, 50);
    call.on("cancelled", () => {
      clearInterval(timer);
    });
  }) satisfies grpc.handleServerStreamingCall<Buffer, Buffer>,
  Sum: ((call, respond) => {
    let bytes = 0;
    call.on("data", (message: Buffer) => (bytes += message.length));
    call.on("end", () => {
      respond(null, Buffer.from(String(bytes)));
    });
  }) satisfies grpc.handleClientStreamingCall<Buffer, Buffer>,
  Chat: ((call) => {
    call.on("data", (message: Buffer) => call.write(message));
    call.on("end", () => {
      call.end(trailer());
    });
  }) satisfies grpc.handleBidiStreamingCall<Buffer, Buffer>,
};

/** Starts the service on a free port of 127.0.0.1, without TLS. */
export async function startGrpc(): Promise<Served> {
  const server = new grpc.Server();
  server.addService(echo, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    port,
    stop: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

/** A client of a load balancer, which asks for a host name. */
export function grpcClient(port: number, host: string): grpc.Client {
  const credentials = grpc.credentials.createSsl(null, null, null, { rejectUnauthorized: false });
  return new grpc.Client(`127.0.0.1:${String(port)}`, credentials, {
    "grpc.default_authority": host,
    "grpc.enable_retries": 0,
  });
}

/** How a call ended: its messages, and its status with the trailers. */
export interface Ended {
  readonly messages: readonly string[];
  readonly code: grpc.status;
  readonly details: string;
  readonly trailers: grpc.Metadata;
}

/** Makes a call with these messages, one after the answer to the one before where it is a chat, and waits for its end. */
export function call(
  client: grpc.Client,
  kind: keyof typeof echo,
  sent: readonly Buffer[],
  headers = {},
): Promise<Ended> {
  const { path } = echo[kind];
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries<string>(headers)) metadata.set(name, value);
  const stream = client.makeBidiStreamRequest(path, same, same, metadata, { deadline: Date.now() + 10_000 });
  const messages: string[] = [];
  const left = [...sent];
  const next = () => {
    const message = left.shift();
    if (message === undefined) stream.end();
    else stream.write(message);
  };
  return new Promise((resolve) => {
    stream.on("data", (data: Buffer) => {
      messages.push(data.toString());
      if (kind === "Chat") next();
    });
    stream.on("error", () => undefined);
    stream.on("status", ({ code, details, metadata: trailers }: grpc.StatusObject) => {
      resolve({ messages, code, details, trailers });
    });
    if (kind === "Chat") next();
    else while (!stream.writableEnded) next();
  });
}
