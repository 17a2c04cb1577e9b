import { z } from "zod";
import { parseCidr, parseAddress } from "../ipv4/cidr";

/** The longest name that fits everywhere it goes: a hostname label, a libvirt domain, a Docker node. */
const maxNameLength = 40;

/** The name of a node or hypervisor: it becomes a hostname, a file name and a resource name. */
export const Name = z
  .string()
  .max(maxNameLength, `must have at most ${String(maxNameLength)} characters`)
  .regex(
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    "must be lower-case letters, digits and inner hyphens, beginning with a letter, e.g. worker1",
  );

/** A word that a program gets as one argument, or a credential. */
export const Word = z.string().regex(/^[\x21-\x7e]{1,512}$/, "must be 1 to 512 printable characters without spaces");

/** An IPv4 network such as `10.77.0.0/24`. */
export const Cidr = z
  .string()
  .refine((text) => parseCidr(text) !== undefined, "must be an IPv4 network such as 10.77.0.0/24, host bits zero");

/** One IPv4 address. */
export const Address = z
  .string()
  .refine((text) => parseAddress(text) !== undefined, "must be an IPv4 address such as 10.77.0.21");

/** A TCP port that is published on every node. */
export const Port = z.int("must be a port from 1 to 65535").min(1).max(65535);

/** The longest label key or value that is accepted; Swarm itself has no limit. */
const maxLabelLength = 255;

/**
 * The key of a node label. Swarm's placement constraints accept fewer: `[A-Za-z_][A-Za-z0-9_.-]+`
 * (swarmkit, manager/constraint/constraint.go).
 */
export const LabelKey = z
  .string()
  .max(maxLabelLength, `must have at most ${String(maxLabelLength)} characters`)
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/,
    "must be letters, digits and inner . _ / -, e.g. db or com.example.disk",
  );

/** The value of a node label; YAML's `true` and `1` become text, which Swarm compares with. */
export const LabelValue = z
  .union([z.string(), z.boolean(), z.number()], "must be a text, a number, true or false")
  // YAML reads 1.10 as the number 1.1.
  .refine((value) => typeof value !== "number" || Number.isSafeInteger(value), 'must be quoted, e.g. "1.10"')
  .transform(String)
  .pipe(
    z
      .string()
      .max(maxLabelLength, `must have at most ${String(maxLabelLength)} characters`)
      .regex(/^[\x20-\x7e]*$/, "must be printable ASCII"),
  );

/** A name for a build of the farm's own image: it becomes part of file names and resource names. */
export const ImageVersion = z
  .string('must be a text: quote it, e.g. "1.10"')
  .max(30, "must have at most 30 characters")
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    "must be letters, digits and inner dots and dashes, e.g. 2026-12-01",
  );

/** The checksum of a file, in hexadecimal. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "must be a SHA-256 checksum: 64 lower-case hexadecimal digits");

/** How libvirt is reached: the local system's, over ssh, or through a socket. */
export const LibvirtUri = z
  .string()
  .regex(
    /^qemu(\+(ssh|unix|tls|tcp|libssh2?))?:\/\/[^/\s]*\/system(\?\S*)?$/,
    "must be a libvirt URI such as qemu:///system, qemu+ssh://root@host/system or qemu+unix:///system?socket=/path",
  );

/** Whether a libvirt URI is that of this machine's libvirt. */
export function isLocal(uri: string): boolean {
  return /^qemu(\+unix)?:\/\/\//.test(uri);
}

/** A DNS name in a certificate or a request. */
export const Hostname = z
  .string()
  .max(253, "must have at most 253 characters")
  .regex(
    /^(?=.)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    "must be a lower-case host name, e.g. shop.example.com",
  );

/** The host of a route: a DNS name, or `*.` and a DNS name. */
export const RouteHost = z
  .string()
  .max(253, "must have at most 253 characters")
  .refine(
    (text) => Hostname.safeParse(text.replace(/^\*\./, "")).success,
    "must be a lower-case host name, e.g. shop.example.com, or one with a wildcard as its first label, e.g. *.example.com",
  );

/** A path prefix; no character of it is syntax in nginx's or HAProxy's configuration. */
export const RoutePath = z
  .string()
  .max(200, "must have at most 200 characters")
  .regex(/^\/([A-Za-z0-9_-]+\/)*$/, "must begin and end with / and have letters, digits, - and _ between, e.g. /shop/");

/** An image of another registry, with a tag or digest: without one it would be pinned to the newest of that day. */
export const ImageReference = z
  .string()
  .max(512, "must have at most 512 characters")
  .regex(
    /^([a-z0-9][a-z0-9.-]*(:\d+)?\/)?([a-z0-9][a-z0-9._-]*\/)*[a-z0-9][a-z0-9._-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/,
    "must be an image with a tag or digest, e.g. nginx:1.29",
  )
  .refine(
    (text) => !text.endsWith(":latest"),
    "must not be 'latest', which is another image every day; name a version",
  );
