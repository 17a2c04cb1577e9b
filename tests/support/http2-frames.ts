import { connect } from "node:tls";

/** Types of frames, RFC 9113, section 6. */
export const types = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  window: 8,
  continuation: 9,
} as const;

export const endStream = 1;
export const endHeaders = 4;
export const padded = 8;

/** A frame as its bytes are sent, right or wrong. */
export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ""): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** Fields as literals without an index, RFC 7541, 6.2.2, in this order and with the letters as they are. */
export function fields(list: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(list.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** A string without Huffman's code; its length is an integer with a prefix of 7 bits. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  const length = [];
  let rest = bytes.length - 127;
  if (rest < 0) length.push(bytes.length);
  else {
    length.push(127);
    for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** A GET that is answered with 200; `changes` replaces fields by name, and what is undefined is left out. */
export function get(changes: Readonly<Record<string, string | undefined>> = {}): [string, string][] {
  const usual = { ":method": "GET", ":scheme": "https", ":path": "/", ":authority": "shop.example" };
  const all: Readonly<Record<string, string | undefined>> = { ...usual, ...changes };
  return Object.entries(all).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
}

/** Codes of the static table for a `:status`, RFC 7541, appendix A. */
const statuses = new Map([200, 204, 206, 304, 400, 404, 500].map((status, i) => [0x88 + i, status]));

/** How a server answers to the frames: the status on stream 1, a reset of it, or the end of the connection. */
export function outcome(port: number, frames: readonly Buffer[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    const end = (what: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(what);
    };
    const timer = setTimeout(end, 5000, "nothing");
    let read = Buffer.alloc(0);
    socket
      .on("error", () => undefined)
      .on("close", () => {
        end("closed");
      });
    socket.on("data", (data: Buffer) => {
      read = Buffer.concat([read, data]);
      for (
        ;
        read.length >= 9 && read.length >= 9 + read.readUIntBE(0, 3);
        read = read.subarray(9 + read.readUIntBE(0, 3))
      ) {
        const [type, stream, payload] = [
          read.readUInt8(3),
          read.readUInt32BE(5),
          read.subarray(9, 9 + read.readUIntBE(0, 3)),
        ];
        if (type === types.goaway) end("goaway");
        else if (type === types.reset && stream === 1) end("reset");
        else if (type === types.headers && stream === 1) end(statusOf(payload));
      }
    });
    socket.write(
      Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(types.settings, 0, 0), ...frames]),
    );
  });
}

/** The status in a block that begins with it, maybe after a new size of the table. */
function statusOf(block: Buffer): string {
  const at = block.findIndex((byte) => byte >= 0x80 || byte < 0x20);
  return String(statuses.get(block[at] ?? 0) ?? "another status");
}
