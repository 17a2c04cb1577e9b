import { createHash } from "node:crypto";
import { XdrReader, XdrWriter } from "./xdr";

/** A pool, network or domain: a name, and XML with the UUID that it has or gets. */
export interface Defined {
  readonly name: string;
  readonly uuid: Buffer;
  readonly xml: string;
}

/** A volume. libvirt's key of one in a folder is its path. */
export interface Volume {
  readonly pool: string;
  readonly name: string;
  readonly key: string;
  readonly xml: string;
}

/** An error of libvirt, with the code of its virErrorNumber. */
export class LibvirtError extends Error {
  override readonly name = "LibvirtError";

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Codes of virErrorNumber with which libvirt reports that an object is not there. */
export const missing = { domain: 42, network: 43, pool: 49, volume: 50 } as const;

/** Objects of one kind, found by name and by UUID. */
export class Objects {
  readonly #byName = new Map<string, Defined>();
  readonly #byUuid = new Map<string, Defined>();

  constructor(readonly kind: "domain" | "network" | "pool") {}

  define(xml: string): Defined {
    const name = firstOf(xml, "name");
    const uuid = createHash("md5").update(`${this.kind} ${name}`).digest();
    const made = { name, uuid, xml: xml.replace("<name>", `<uuid>${dashed(uuid)}</uuid><name>`) };
    this.#byName.set(name, made);
    this.#byUuid.set(uuid.toString("hex"), made);
    return made;
  }

  named(name: string): Defined {
    return this.#found(this.#byName.get(name), name);
  }

  /** Reads a UUID of 16 bytes. */
  byUuid(args: XdrReader): Defined {
    const uuid = args.fixed(16).toString("hex");
    return this.#found(this.#byUuid.get(uuid), uuid);
  }

  /** Reads a reference: name and UUID, and of a domain its id, which is left. */
  referred(args: XdrReader): Defined {
    return this.named(args.text());
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  #found(object: Defined | undefined, key: string): Defined {
    if (object) return object;
    throw new LibvirtError(missing[this.kind], `no ${this.kind} '${key}'`);
  }
}

/** The text of the first element with a name. */
export function firstOf(xml: string, element: string): string {
  return new RegExp(`<${element}[^>]*>([^<]*)</${element}>`).exec(xml)?.[1] ?? "";
}

export function reference({ name, uuid }: Defined): XdrWriter {
  return new XdrWriter().text(name).fixed(uuid);
}

export function volumeReference({ pool, name, key }: Volume): XdrWriter {
  return new XdrWriter().text(pool).text(name).text(key);
}

function dashed(uuid: Buffer): string {
  return uuid.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
