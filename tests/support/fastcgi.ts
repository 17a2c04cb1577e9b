import { createServer, type Socket } from "node:net";
import { listening, type Served } from "./serve";

/** Types of records, of the FastCGI specification 1.0, section 8. */
const type = { end: 3, params: 4, stdin: 5, stdout: 6 } as const;
const headerBytes = 8;

/** Starts a FastCGI application, as php-fpm is one, that answers with the parameters of its request as JSON. */
export function startFastCgi(): Promise<Served> {
  return listening(
    createServer((socket) => {
      socket.on("error", () => socket.destroy());
      serve(socket);
    }),
  );
}

function serve(socket: Socket): void {
  let bytes = Buffer.alloc(0);
  let params = Buffer.alloc(0);
  socket.on("data", (data: Buffer) => {
    bytes = Buffer.concat([bytes, data]);
    while (bytes.length >= headerBytes) {
      const length = bytes.readUInt16BE(4);
      const size = headerBytes + length + bytes.readUInt8(6);
      if (bytes.length < size) return;
      const content = bytes.subarray(headerBytes, headerBytes + length);
      const [kind, id] = [bytes.readUInt8(1), bytes.readUInt16BE(2)];
      if (kind === type.params) params = Buffer.concat([params, content]);
      // An empty record ends the body.
      if (kind === type.stdin && length === 0) {
        const answer = `Content-Type: application/json\r\n\r\n${JSON.stringify(pairsIn(params))}`;
        socket.end(
          Buffer.concat([
            record(type.stdout, id, answer),
            record(type.stdout, id),
            record(type.end, id, "\0".repeat(8)),
          ]),
        );
      }
      bytes = bytes.subarray(size);
    }
  });
}

function record(kind: number, id: number, text = ""): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.from([1, kind, 0, 0, 0, 0, 0, 0]);
  header.writeUInt16BE(id, 2);
  header.writeUInt16BE(content.length, 4);
  return Buffer.concat([header, content]);
}

/** Names and values with their lengths in one or four bytes. php uses the last value of a name, as here. */
function pairsIn(bytes: Buffer): Record<string, string> {
  const pairs: Record<string, string> = {};
  let at = 0;
  const length = () => {
    const long = (bytes[at] ?? 0) >> 7 === 1;
    const value = long ? bytes.readUInt32BE(at) & 0x7fffffff : (bytes[at] ?? 0);
    at += long ? 4 : 1;
    return value;
  };
  const text = (size: number) => bytes.subarray(at, (at += size)).toString("latin1");
  while (at < bytes.length) {
    const [name, value] = [length(), length()];
    pairs[text(name)] = text(value);
  }
  return pairs;
}
