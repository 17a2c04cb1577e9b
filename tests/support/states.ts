/** State of a resource as the engine would return it. */
interface State {
  readonly id: string;
  readonly state: Record<string, unknown>;
}

/** Versions that every node of a test farm reports. */
export const report = { os: "debian 13.2", kernel: "6.12.57", docker: "26.1.5", packages: "abc" };

/** The outputs of a resource: its inputs, an id made of its name, and for a command what such a command prints. */
export function stateOf(type: string, name: string, inputs: Record<string, unknown>): State {
  const id = type === "libvirt:index/cloudinitDisk:CloudinitDisk" ? `${name}-id;uuid` : `${name}-id`;
  return { id, state: type.startsWith("command:") ? { ...inputs, stdout: stdoutOf(name, inputs) } : inputs };
}

/** A private key of an ACME account, for tests alone, and its thumbprint by RFC 7638, computed without Node.js. */
export const acmeAccount = {
  key: [
    "-----BEGIN EC PRIVATE KEY-----",
    "MHcCAQEEIBPN1wqv+nykzG1faKxuN/qx6lhgCK9RQJdW+BdF+OiooAoGCCqGSM49",
    "AwEHoUQDQgAEZtSzuGND8zFiMSvHteqjy6iPVOwzhaYp9zVomqtnpIYVSxOL6J4F",
    "Eb/qWUsHTYldcrHi23dB3T47feMv/QkLfQ==",
    "-----END EC PRIVATE KEY-----",
    "",
  ].join("\n"),
  thumbprint: "Vt406iG3vL7ZgvP0Ifr0bo6yTpjlS2Tng3ddbpGcyYs",
} as const;

function stdoutOf(name: string, { triggers = [] }: { readonly triggers?: unknown }): string {
  const [first] = (triggers as readonly string[]).map(String);
  if (name.endsWith("-ed25519")) {
    return JSON.stringify({ privateKey: `private half of ${name}`, publicKey: `public half of ${name}` });
  }
  if (/-login(-\d+)?-generated$/.test(name)) {
    return JSON.stringify({ password: `password of ${name}`, bcrypt: "$2y$04$hash", crypt: "$5$rounds=1000$hash" });
  }
  if (name.endsWith("-generated")) return `password of ${name}`;
  if (/-self(-\d+)?$/.test(name) || name.endsWith("-certificate") || name.endsWith("-seal-pair")) {
    return JSON.stringify({ key: `private half of ${name}\n`, cert: `public half of ${name}\n` });
  }
  if (/-acme-keys-private(-\d+)?$/.test(name))
    return JSON.stringify({ account: acmeAccount.key, certificate: `private half of ${name}\n` });
  if (name.endsWith("-pin")) return `${first ?? ""}@sha256:now`;
  if (name.endsWith("-push")) return `sha256:${first ?? ""}`;
  if (name.endsWith("-kvm-probe")) return "kvm";
  if (name.endsWith("-report")) return JSON.stringify(report);
  return `stdout of ${name}`;
}
