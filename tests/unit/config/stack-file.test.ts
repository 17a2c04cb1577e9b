import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePulumiConfig } from "../../../stacks/config";
import { readStackFile } from "../../../infra/config/stack-file";
import { valueOf } from "../../../infra/config/value";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-file-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function read(text: string) {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
  return readStackFile(folder, "dev");
}

test("keys and values are those that Pulumi gives to the program", () => {
  const { raw } = read(`encryptionsalt: v1:x
config:
  swarm-farm:image: { kind: farm, version: 2026-12-01 }
  swarm-farm:config:network: { cidr: 10.77.0.0/24 }
  hello: { port: 8080, on: yes }
  swarm-farm:text: auto
  swarm-farm:number: "5"
  swarm-farm:empty:
  other:nodes: {}
`);
  expect(raw).toEqual({
    image: { kind: "farm", version: "2026-12-01" },
    network: { cidr: "10.77.0.0/24" },
    hello: { port: 8080, on: "yes" },
    text: "auto",
    number: 5,
    empty: "",
  });
});

test.each(["", "config:\n", "encryptionsalt: v1:x\n"])("%j has no keys", (text) => {
  expect(read(text)).toEqual({ raw: {}, secrets: [], isWhole: true });
});

test("an encrypted value is a placeholder with a known path", () => {
  const { raw, secrets } = read(
    "config:\n  swarm-farm:hosts: { local: { uri: { secure: AAAB } } }\n  swarm-farm:lamp: { secure: AAAC }\n",
  );
  expect(raw).toEqual({ hosts: { local: { uri: "[secret]" } }, lamp: "[secret]" });
  expect(secrets).toEqual(["hosts.local.uri", "lamp"]);
});

test("a file that takes keys from an environment is incomplete", () => {
  expect(read("environment: [lab]\nconfig: {}\n").isWhole).toBe(false);
});

test.each([
  ["config:\n  a: 1\n a: 2\n", "Pulumi.dev.yaml is not valid YAML: line 3: bad indentation of a mapping entry"],
  ["config:\n  a: 1\n  a: 2\n", "Pulumi.dev.yaml is not valid YAML: line 3: duplicated mapping key"],
  ["- a\n", "Pulumi.dev.yaml must be a map with the key 'config'"],
  ["config: 3\n", "Pulumi.dev.yaml: 'config' must be a map of keys such as 'swarm-farm:nodes'"],
])("%j is refused in one line", (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test("a stack without a file is refused", () => {
  expect(() => readStackFile(folder, "typo")).toThrow(
    "there is no Pulumi.typo.yaml: copy Pulumi.dev.yaml and change what you like",
  );
});

test("a date without quotes, which Pulumi keeps as a time, stays a date", () => {
  const kept = "2026-12-01 00:00:00 +0000 UTC";
  expect(valueOf(kept)).toBe("2026-12-01");
  expect(valueOf(JSON.stringify({ version: kept }))).toEqual({ version: "2026-12-01" });
  const objectValue = { kind: "farm", version: kept };
  const nodes = { objectValue: { manager1: { role: "manager" } } };
  const config = parsePulumiConfig(JSON.stringify({ "swarm-farm:image": { objectValue }, "swarm-farm:nodes": nodes }));
  expect(config.image).toEqual({ kind: "farm", version: "2026-12-01" });
  // So it is in the file once `pulumi config set` has written another key.
  expect(read(`config:\n  swarm-farm:image: { version: ${kept} }\n`).raw.image).toEqual({ version: "2026-12-01" });
});
