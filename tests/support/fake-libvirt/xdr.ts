/** An encoder of XDR (RFC 4506), as much of it as libvirt's protocol has: everything is aligned to four bytes. */
export class XdrWriter {
  readonly #parts: Buffer[] = [];

  uint(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32BE(value);
    this.#parts.push(part);
    return this;
  }

  /** An unsigned hyper. */
  ulong(value: number): this {
    return this.uint(Math.floor(value / 2 ** 32)).uint(value % 2 ** 32);
  }

  /** Opaque data of a length that both sides know. */
  fixed(data: Buffer): this {
    this.#parts.push(data, padding(data.length));
    return this;
  }

  text(value: string): this {
    const data = Buffer.from(value);
    return this.uint(data.length).fixed(data);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** A decoder of XDR. */
export class XdrReader {
  #at = 0;

  constructor(readonly data: Buffer) {}

  /** @throws RangeError at the end of the data */
  uint(): number {
    const value = this.data.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  fixed(length: number): Buffer {
    const value = this.data.subarray(this.#at, this.#at + length);
    this.#at += length + padding(length).length;
    return value;
  }

  text(): string {
    return this.fixed(this.uint()).toString("utf8");
  }
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
