/** What the engine would give back for a resource. */
interface State {
  readonly id: string;
  readonly state: Record<string, unknown>;
}

/** What every node of a test farm says it runs. */
export const report = { os: "debian 13.2", kernel: "6.12.57", docker: "26.1.5", packages: "abc" };

/** The outputs of a resource: its inputs, an id made of its name, and for a command what such a command prints. */
export function stateOf(type: string, name: string, inputs: Record<string, unknown>): State {
  const id = type === "libvirt:index/cloudinitDisk:CloudinitDisk" ? `${name}-id;uuid` : `${name}-id`;
  return { id, state: type.startsWith("command:") ? { ...inputs, stdout: stdoutOf(name, inputs) } : inputs };
}

function stdoutOf(name: string, { triggers = [] }: { readonly triggers?: unknown }): string {
  const [first] = (triggers as readonly string[]).map(String);
  if (name.endsWith("-ed25519")) {
    return JSON.stringify({ privateKey: `private half of ${name}`, publicKey: `public half of ${name}` });
  }
  if (/-login(-\d+)?-generated$/.test(name)) {
    return JSON.stringify({ password: `password of ${name}`, bcrypt: "$2y$04$hash", crypt: "$5$rounds=1000$hash" });
  }
  if (name.endsWith("-generated")) return `password of ${name}`;
  if (/-self(-\d+)?$/.test(name) || name.endsWith("-certificate")) {
    return JSON.stringify({ key: `private half of ${name}\n`, cert: `public half of ${name}\n` });
  }
  if (name.endsWith("-pin")) return `${first ?? ""}@sha256:now`;
  if (name.endsWith("-push")) return `sha256:${first ?? ""}`;
  if (name.endsWith("-kvm-probe")) return "kvm";
  if (name.endsWith("-report")) return JSON.stringify(report);
  return `stdout of ${name}`;
}
