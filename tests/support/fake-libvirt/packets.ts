import { XdrReader, XdrWriter } from "./xdr";

/** Values of the header's `type`, from libvirt's src/rpc/virnetprotocol.x. */
export const packetType = { call: 0, reply: 1, stream: 3 } as const;

/** Values of the header's `status`. */
export const packetStatus = { ok: 0, error: 1, continue: 2 } as const;

/** A message of libvirt's protocol. */
export interface Packet {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
  readonly payload: Buffer;
}

/** Bytes of the length and of the header. */
const headerBytes = 28;

/** Takes whole packets off the front of received bytes. */
export class PacketReader {
  #rest: Buffer = Buffer.alloc(0);

  take(received: Buffer): readonly Packet[] {
    this.#rest = Buffer.concat([this.#rest, received]);
    const packets: Packet[] = [];
    while (this.#rest.length >= headerBytes && this.#rest.length >= this.#rest.readUInt32BE(0)) {
      const length = this.#rest.readUInt32BE(0);
      packets.push(packetOf(this.#rest.subarray(0, length)));
      this.#rest = this.#rest.subarray(length);
    }
    return packets;
  }
}

export function bytesOf({ program, version, procedure, type, serial, status, payload }: Packet): Buffer {
  const header = new XdrWriter().uint(headerBytes + payload.length);
  for (const field of [program, version, procedure, type, serial, status]) header.uint(field);
  return Buffer.concat([header.bytes, payload]);
}

function packetOf(data: Buffer): Packet {
  const header = new XdrReader(data);
  header.uint();
  const field = () => header.uint();
  const [program, version, procedure, type, serial, status] = [field(), field(), field(), field(), field(), field()];
  return { program, version, procedure, type, serial, status, payload: data.subarray(headerBytes) };
}
