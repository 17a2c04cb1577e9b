import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { makeCertificate, makeKey } from "./certificates";

/** Servers of what is no HTTP, on 127.0.0.1. */
export interface StreamServers {
  /** Of a server that sends back what it gets, and counts the bytes once the client has ended. */
  readonly tcp: number;
  /** Of a server that answers each datagram with `got` and it. */
  readonly udp: number;
  /** Of servers of TLS with a certificate of their own for `one` and `two`. */
  readonly tls: { readonly one: number; readonly two: number };
  /** A port that nobody listens on. */
  readonly closed: number;
  /** For `Served`. */
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts them. */
export async function startStreamServers(): Promise<StreamServers> {
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    let bytes = 0;
    socket.on("data", (data) => {
      bytes += data.length;
      socket.write(data);
    });
    socket.on("end", () => socket.end(`|${String(bytes)}`));
    socket.on("error", () => socket.destroy());
  });
  const folder = mkdtempSync(join(tmpdir(), "streams-"));
  const secure = (name: string) => {
    const key = makeKey(folder, `${name}.key`);
    const cert = readFileSync(makeCertificate(folder, `${name}.crt`, key, name));
    const server = tls.createServer({ key: readFileSync(key), cert }, (socket) => socket.end(name));
    server.on("tlsClientError", (_, socket) => socket.destroy());
    return server;
  };
  const [one, two] = [secure("one"), secure("two")];
  rmSync(folder, { recursive: true });
  const away = createServer();
  const datagrams = createSocket("udp4");
  datagrams.on("message", (message, { port, address }) => {
    datagrams.send(`got ${message.toString()}`, port, address);
  });
  await new Promise<void>((resolve) => datagrams.bind(0, "127.0.0.1", resolve));
  const ports = await Promise.all([echo, one, two, away].map(listen));
  const [tcp = 0, first = 0, second = 0, closed = 0] = ports;
  await close(away);
  return {
    ...{ tcp, udp: datagrams.address().port, tls: { one: first, two: second }, closed, port: tcp },
    stop: async () => {
      datagrams.close();
      await Promise.all([echo, one, two].map(close));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}

/** Sends text, ends its side of the connection, and returns what comes until the other side ends. */
export function halfClosed(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let all = "";
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.end(text));
    socket.on("data", (data: Buffer) => (all += data.toString()));
    socket.on("error", () => socket.destroy()).on("end", () => socket.destroy());
    socket.on("close", () => {
      resolve(all);
    });
  });
}

/** Sends text, and returns the first that comes back, with the connection open; empty if it is closed instead. */
export function answered(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(text));
    const end = (data = "") => {
      socket.destroy();
      resolve(data);
    };
    socket.on("data", (data: Buffer) => {
      end(data.toString());
    });
    socket
      .on("error", () => socket.destroy())
      .on("close", () => {
        end();
      });
  });
}

/** The subject of the certificate and the text of a server of TLS; undefined if it closes the connection. */
export function securely(port: number, servername?: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const socket = tls.connect({ port, host: "127.0.0.1", servername, rejectUnauthorized: false }, () => {
      text = `${String(socket.getPeerCertificate().subject.CN)}: `;
    });
    socket.on("data", (data: Buffer) => (text += data.toString()));
    socket
      .on("error", () => socket.destroy())
      .on("close", () => {
        resolve(text === "" ? undefined : text);
      });
  });
}

/** The answer to a datagram. Each is sent until one comes, as UDP may lose it. */
export async function datagram(port: number, text: string): Promise<string> {
  const socket = createSocket("udp4");
  const again = setInterval(() => {
    socket.send(text, port, "127.0.0.1");
  }, 200);
  try {
    return await new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`no answer to '${text}' within 5 s`));
      }, 5000);
      socket.on("message", (message) => {
        clearTimeout(late);
        resolve(message.toString());
      });
    });
  } finally {
    clearInterval(again);
    socket.close();
  }
}
