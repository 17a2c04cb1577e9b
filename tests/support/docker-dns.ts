import { createSocket } from "node:dgram";

/** A name server such as Docker's in a container: IPv4 addresses by name. */
export interface DockerDns {
  readonly port: number;
  /** May change at any time. A name that is not there does not exist. */
  readonly addresses: Map<string, readonly string[]>;
  stop(): Promise<void>;
}

/** The types of records, of RFC 1035, section 3.2.2. */
const typeA = 1;
const headerBytes = 12;

/** Starts it on a free port of 127.0.0.1. */
export async function startDockerDns(): Promise<DockerDns> {
  const addresses = new Map<string, readonly string[]>();
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    socket.send(answerTo(query, addresses), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    port: socket.address().port,
    addresses,
    stop: () =>
      new Promise((resolve) =>
        socket.close(() => {
          resolve();
        }),
      ),
  };
}

function answerTo(query: Buffer, addresses: ReadonlyMap<string, readonly string[]>): Buffer {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(headerBytes, at + 5);
  const known = addresses.get(labels.join(".").toLowerCase());
  const found = query.readUInt16BE(at + 1) === typeA ? (known ?? []) : [];
  const header = Buffer.alloc(headerBytes);
  query.copy(header, 0, 0, 2);
  // A recursive answer; 3 says that there is no such name.
  header.writeUInt16BE(0x8180 | (known === undefined ? 3 : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  // A pointer to the question's name, the type, the class IN, 600 s as Docker's, and four bytes.
  const head = [0xc0, headerBytes, 0, typeA, 0, 1, 0, 0, 2, 88, 0, 4];
  return Buffer.concat([header, question, ...found.map((ip) => Buffer.from([...head, ...ip.split(".").map(Number)]))]);
}
