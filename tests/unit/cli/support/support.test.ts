import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { support } from "../../../../cli/commands/support";
import { collect } from "../../../../cli/support/collect";
import { endOf, type Part } from "../../../../cli/support/part";
import { FakeFarm, printed } from "../../../support/fake-farm";

const secrets = {
  state: "kR7mQ2xW9tZ4pL6v",
  "state, in JSON": "database & co / 5%",
  configuration: "config-value-42",
  passphrase: "correct horse battery staple",
  environment: "AKIAIOSFODNN7EXAMPLE",
  "Pulumi's token": "pul-0123456789abcdef",
} as const;

/** Every secret in every form that somebody may log it in. */
const leak = Object.values(secrets).flatMap((secret) => [
  `plain ${secret} end`,
  `basic ${Buffer.from(`admin:${secret}`).toString("base64")}`,
  `base64 ${Buffer.from(secret).toString("base64")}`,
  `url ${encodeURIComponent(secret)}`,
  `json ${JSON.stringify({ secret })}`,
]);

const state = {
  deployment: {
    resources: [
      { outputs: { password: { plaintext: JSON.stringify(secrets.state) } } },
      { inputs: { env: { plaintext: JSON.stringify(JSON.stringify({ db: secrets["state, in JSON"] })) } } },
    ],
  },
};
const config = { "swarm-farm:x": { value: secrets.configuration, secret: true }, "swarm-farm:y": { value: "public" } };

let fake: FakeFarm;
beforeEach(() => {
  fake = new FakeFarm();
  fake.set("PULUMI_CONFIG_PASSPHRASE_FILE", join(fake.home, "passphrase"));
  fake.set("PULUMI_CREDENTIALS_PATH", join(fake.home, ".pulumi"));
  fake.write("leak", `${leak.join("\n")}\n`);
  fake.write("state.json", JSON.stringify(state));
  fake.write("config.json", JSON.stringify(config));
  fake.write("passphrase", `${secrets.passphrase}\n`);
  fake.write(".pulumi/credentials.json", JSON.stringify({ accessTokens: { api: secrets["Pulumi's token"] } }));
  fake.program(
    "pulumi",
    `case "$*" in
      "stack export --show-secrets") cat "$here/state.json" ;;
      "config --show-secrets --json") cat "$here/config.json" ;;
      "stack output sshFiles"*) echo '{"id_ed25519":"key","worker1.host":"w1"}' ;;
      *) cat "$here/leak"; cat "$here/leak" >&2 ;;
    esac`,
  );
  for (const program of ["ssh", "virsh", "journalctl"]) fake.program(program, 'cat "$here/leak"');
  fake.write(
    "Pulumi.dev.yaml",
    'config:\n  swarm-farm:nodes: { worker1: { role: worker } }\n  swarm-farm:x: { secure: "v1:abc:def" }\n',
  );
  fake.state("hypervisor", "isolated\n");
  fake.state("libvirt/var/log/libvirt/qemu/dev.worker1.console.log", leak.join("\n"));
  fake.state("libvirt/var/log/libvirt/libvirtd.log", leak.join("\n"));
  fake.write(".cache/swarm-farm/logs/dev/images.log", leak.join("\n"));
  fake.write(".cache/swarm-farm/logs/error.log", leak.join("\n"));
  fake.write(".cache/swarm-farm/logs/shop/images.log", "of another farm");
});
afterEach(() => {
  fake.remove();
});

/** Makes the archive and unpacks it: its files by their paths. */
async function archive(more: Readonly<Record<string, string>> = {}, signal?: AbortSignal) {
  const environment = { ...fake.context().environment, AWS_SECRET_ACCESS_KEY: secrets.environment, ...more };
  const file = join(fake.home, "out.tar.gz");
  const context = fake.context({ environment, ...(signal ? { signal } : {}) });
  const text = await printed(() => support.run(context, { arguments: [file], options: {} }));
  expect(text).toBe(`${file}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  execFileSync("tar", ["-C", fake.home, "-xzf", file]);
  const folder = join(fake.home, "out");
  const paths = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64").slice(0, -4),
    JSON.stringify(secret),
  ];
}

test("no file of the archive contains a secret in any form", async () => {
  fake.state("hypervisor", "system\n");
  const files = await archive();
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining([
      "report.txt",
      "versions.txt",
      "machine.txt",
      "Pulumi.dev.yaml",
      "preview.json",
      "resources.txt",
      "swarm/services.txt",
      "swarm/events.txt",
      "nodes/worker1/journal.txt",
      "nodes/worker1/docker.txt",
      "libvirt/domains.txt",
      "logs/images.log",
      "logs/error.log",
    ]),
  );
  for (const [path, text] of Object.entries(files))
    for (const [name, secret] of Object.entries(secrets))
      for (const form of formsOf(secret))
        if (text.includes(form)) throw new Error(`${path} has the secret of ${name}: ${form}`);
  expect(files["preview.json"]).toContain("plain [secret] end");
  expect(files["Pulumi.dev.yaml"]).toContain('x: "[secret]"'.replaceAll('"', "'"));
  expect(files["report.txt"]).not.toContain("failed");
  expect(Object.values(files).join("\n")).not.toContain("of another farm");
});

test("collects consoles and logs of an isolated farm that does not run, with a line for each part that fails", async () => {
  const files = await archive();
  expect(files["consoles/dev.worker1.console.log"]).toContain("plain [secret] end");
  expect(files["libvirt/libvirtd.log"]).toContain("plain [secret] end");
  expect(files["report.txt"]).toContain("ok      Pulumi.dev.yaml\n");
  expect(files["report.txt"]).toContain(
    "failed  libvirt/domains.txt: the farm's hypervisor is not running: ./farm up starts it\n",
  );
  expect(fake.printed).toMatch(/✓ support +\d+ files, \d+ parts failed/);
});

test("writes an archive on a machine without a farm", async () => {
  fake.program("pulumi", `echo 'error: no stack named "dev" found' >&2; exit 255`);
  const files = await archive();
  expect(files["report.txt"]).toMatch(/^failed {2}resources.txt: ended with 255: error: no stack named "dev" found$/m);
});

test("collects only parts without secrets if the secrets cannot be read", async () => {
  fake.program("pulumi", "echo 'error: constructing secrets manager: incorrect passphrase' >&2; exit 255");
  const files = await archive();
  expect(Object.keys(files).sort()).toEqual(["machine.txt", "report.txt", "versions.txt"]);
  expect(files["report.txt"]).toMatch(
    /^the secrets cannot be read, to mask them: only what knows none is here: the passphrase/,
  );
});

test.each([
  ["a.zip", "must be named *.tar.gz"],
  ["/nowhere/a.tar.gz", "there is no folder '/nowhere'"],
])("refuses an archive named %s before it reads anything", async (name, message) => {
  await expect(support.run(fake.context(), { arguments: [name], options: {} })).rejects.toThrow(message);
  expect(fake.calls).toEqual([]);
});

test("does not overwrite an existing archive", async () => {
  const file = fake.write("a.tar.gz", "old");
  await expect(support.run(fake.context(), { arguments: [file], options: {} })).rejects.toThrow("is there: remove it");
});

describe("collecting", () => {
  const part = (path: string, from: Part["collect"], seconds = 5): Part => ({ path, seconds, collect: from });
  const never = new AbortController().signal;
  const plain = (text: string) => text;

  test("reports a part that hangs or throws", async () => {
    const parts = [
      part("slow", () => new Promise(() => undefined), 0.05),
      part("broken", () => Promise.reject(new Error("no such file"))),
      part("good", () => Promise.resolve({ text: "yes" })),
    ];
    const { files, failed } = await collect(parts, plain, never, ["a note"]);
    expect(failed).toBe(2);
    expect(files).toEqual([
      {
        path: "report.txt",
        text: "a note\nfailed  slow: no answer within 0.05 s\nfailed  broken: no such file\nok      good\n",
      },
      { path: "good", text: "yes" },
    ]);
  });

  test("keeps finished parts after Ctrl-C", async () => {
    const parts = [
      part("slow", () => new Promise(() => undefined)),
      part("good", () => Promise.resolve({ text: "yes" })),
    ];
    const { files } = await collect(parts, plain, AbortSignal.timeout(50));
    expect(files.map(({ text }) => text)).toEqual(["failed  slow: interrupted\nok      good\n", "yes"]);
  });

  test("keeps the end of a long log", () => {
    const end = endOf(`first${"x".repeat(2 ** 20)}last`);
    expect(end).toMatch(/^… 9 characters before\nx+last$/);
    expect(endOf("short")).toBe("short");
  });
});

test("removes a partial archive and its files if the archive cannot be written", async () => {
  fake.program("tar", "echo 'tar: no space left on device' >&2; exit 2");
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("farm-support-"));
  await expect(archive()).rejects.toThrow("no space left on device");
  expect(existsSync(join(fake.home, "out.tar.gz"))).toBe(false);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("farm-support-"))).toEqual(before);
});

test("leaves no temporary files behind", async () => {
  await archive();
  expect(
    readdirSync("/tmp").filter((name) => name.startsWith("farm-support-") && existsSync(join("/tmp", name, "out"))),
  ).toEqual([]);
});
