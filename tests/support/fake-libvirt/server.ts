import { createServer, type Server, type Socket } from "node:net";
import { LibvirtError } from "./objects";
import { bytesOf, PacketReader, packetStatus, packetType, type Packet } from "./packets";
import { proceduresOf, streams, type Procedure } from "./procedures";
import { XdrReader, XdrWriter } from "./xdr";

/** VIR_ERR_NO_SUPPORT: the procedure is not there. */
const noSupport = 3;

const empty = Buffer.alloc(0);

/** Parts of a connection's uploads by their serial numbers, with the key of the volume. */
type Uploads = Map<number, readonly [key: string, parts: Buffer[]]>;

/**
 * libvirt's protocol on a socket, of a hypervisor that has nothing: it makes nothing, keeps what it is asked to make, and counts
 * the requests.
 */
export class FakeLibvirt {
  /** Requests by procedure, in the order of the first of each. */
  readonly requests = new Map<string, number>();
  readonly #procedures: ReadonlyMap<number, Procedure> = proceduresOf();
  readonly #connections = new Set<Socket>();
  /** Uploads by the keys of volumes: the provider reads seeds back. */
  readonly #contents = new Map<string, Buffer>();
  readonly #server: Server;

  private constructor(readonly socket: string) {
    this.#server = createServer((connection) => {
      this.#serve(connection);
    });
  }

  /** @param socket the path of the socket */
  static async start(socket: string): Promise<FakeLibvirt> {
    const libvirt = new FakeLibvirt(socket);
    await new Promise<void>((resolve) => libvirt.#server.listen(socket, resolve));
    return libvirt;
  }

  /** A libvirt URI that reaches it. */
  get uri(): string {
    return `qemu+unix:///system?socket=${this.socket}`;
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(connection: Socket): void {
    const reader = new PacketReader();
    const uploads: Uploads = new Map();
    this.#connections.add(connection);
    connection.on("close", () => this.#connections.delete(connection));
    // A plugin that the engine ends resets its connection.
    connection.on("error", () => connection.destroy());
    connection.on("data", (data) => {
      for (const packet of reader.take(data))
        for (const answer of packet.type === packetType.stream
          ? this.#store(packet, uploads)
          : this.#answer(packet, uploads))
          connection.write(bytesOf(answer));
    });
  }

  /** A part of an upload has no answer; its end has. */
  #store(packet: Packet, uploads: Uploads): readonly Packet[] {
    const [key, parts] = uploads.get(packet.serial) ?? ["", []];
    if (packet.status === packetStatus.continue) {
      parts.push(packet.payload);
      return [];
    }
    this.#contents.set(key, Buffer.concat(parts));
    uploads.delete(packet.serial);
    return [{ ...packet, payload: empty }];
  }

  #answer(packet: Packet, uploads: Uploads): readonly Packet[] {
    const reply = { ...packet, type: packetType.reply, status: packetStatus.ok, payload: empty };
    try {
      const procedure = this.#procedures.get(packet.procedure);
      if (!procedure) throw new LibvirtError(noSupport, `procedure ${String(packet.procedure)} is not simulated`);
      this.requests.set(procedure.name, (this.requests.get(procedure.name) ?? 0) + 1);
      if (packet.procedure === streams.upload) uploads.set(packet.serial, [volumeKey(packet), []]);
      const answer = { ...reply, payload: procedure.answer(new XdrReader(packet.payload)).bytes };
      if (packet.procedure !== streams.download) return [answer];
      const part = { ...reply, type: packetType.stream, status: packetStatus.continue };
      const payload = this.#contents.get(volumeKey(packet)) ?? empty;
      return [answer, { ...part, payload }, { ...part, status: packetStatus.ok }];
    } catch (error) {
      if (error instanceof LibvirtError) return [{ ...reply, status: packetStatus.error, payload: payloadOf(error) }];
      throw error;
    }
  }
}

/** The key of the volume that a call begins with. */
function volumeKey({ payload }: Packet): string {
  const args = new XdrReader(payload);
  args.text();
  args.text();
  return args.text();
}

/** The struct `remote_error`: code, domain, message, level, and nothing of what is optional. */
function payloadOf({ code, message }: LibvirtError): Buffer {
  const error = new XdrWriter().uint(code).uint(0).uint(1).text(message).uint(2);
  for (let absent = 0; absent < 7; absent += 1) error.uint(0);
  return error.bytes;
}
