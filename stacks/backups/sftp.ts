import { z } from "zod";
import { Hostname, Port } from "../../infra/config/primitives";
import type { ContentFile } from "../../infra/service/files";

/** The form in which `ssh-keygen` writes a private key. */
const armor = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END OPENSSH PRIVATE KEY-----\n*$/;

/** The key's format after its armor (OpenSSH's PROTOCOL.key): a magic word, then the name of the cipher behind its length. */
const clearKey = Buffer.from("openssh-key-v1\0\0\0\0\u0004none");

/** A private key that opens without a passphrase, which nobody could type. */
function opensUnasked(key: string): boolean {
  const encoded = armor.exec(key)?.[1] ?? "";
  return Buffer.from(encoded, "base64").subarray(0, clearKey.length).equals(clearKey);
}

/** Whether the encoded half of a public key is of the type before it. */
function isOfItsType(line: string): boolean {
  const [type = "", encoded = ""] = line.split(" ");
  const key = Buffer.from(encoded, "base64");
  return key.length > 4 + type.length && key.subarray(4, 4 + type.length).toString("latin1") === type;
}

/** The keys of `backups.to.sftp`. */
export const Sftp = z.strictObject({
  host: Hostname.describe("The server's name or address."),
  port: Port.default(22).describe("Its port for ssh."),
  user: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, "must be the name of a user of the server, e.g. backup")
    .describe("The user whose login has the folder; it needs SFTP and no shell."),
  path: z
    .string()
    .regex(
      /^\/?[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/,
      "must be a folder such as /srv/backups/shop, or farms/shop below the user's own",
    )
    .optional()
    .describe(
      "The folder of the repositories, below the user's own unless it begins with `/`. Default: the farm's name.",
    ),
  hostKey: z
    .string()
    .regex(/^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,2}$/, {
      error:
        "must be the server's public host key without a name, e.g. 'ssh-ed25519 AAAA…': the first two words of /etc/ssh/ssh_host_ed25519_key.pub there",
      abort: true,
    })
    .refine(isOfItsType, "must be whole: copy the first two words of /etc/ssh/ssh_host_ed25519_key.pub of the server")
    .describe("The server's public host key, `ssh-ed25519 AAAA…`; a server with another one is refused."),
  privateKey: z
    .string()
    .max(16_384)
    .refine(
      opensUnasked,
      "must be a private key of OpenSSH without a passphrase, as \"ssh-keygen -t ed25519 -N ''\" makes it",
    )
    .describe("The user's private key, encrypted: `./farm pulumi config set --secret --path`.")
    .meta({ credential: true }),
});

export type SftpConfig = z.infer<typeof Sftp>;

/** Where the files of `sftpFiles` are in the container; images/backups/repository has the same. */
const folder = "/etc/sftp";

/** The private key's file below `/run/secrets`. */
export const sftpKeyFile = "sftp-private-key";

/** The server's name for the client, whatever its address: it is what the host key is of. */
export const sftpAlias = "target";

/**
 * The ssh client's files: it asks nobody, trusts one key, and gives a server up that says nothing for a minute, since restic would
 * wait for it.
 */
export function sftpFiles({ host, port, user, hostKey }: SftpConfig): (ContentFile & { readonly content: string })[] {
  const config = [
    `Host ${sftpAlias}`,
    `  HostName ${host}`,
    `  Port ${String(port)}`,
    `  User ${user}`,
    `  IdentityFile /run/secrets/${sftpKeyFile}`,
    "  IdentitiesOnly yes",
    "  IdentityAgent none",
    "  BatchMode yes",
    "  PreferredAuthentications publickey",
    `  HostKeyAlias ${sftpAlias}`,
    "  StrictHostKeyChecking yes",
    `  UserKnownHostsFile ${folder}/known_hosts`,
    "  GlobalKnownHostsFile none",
    "  UpdateHostKeys no",
    "  ConnectTimeout 30",
    "  ServerAliveInterval 15",
    "  ServerAliveCountMax 4",
    "",
  ].join("\n");
  return [
    { path: `${folder}/config`, content: config },
    { path: `${folder}/known_hosts`, content: `${sftpAlias} ${hostKey}\n` },
  ];
}
