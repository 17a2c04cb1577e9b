import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { readDocument, removeDocument, writeDocument } from "../../../../cli/rehearsal/stack-file";
import { readStackFile } from "../../../../infra/config/stack-file";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm();
});

afterEach(() => {
  farm.remove();
});

const file = [
  "encryptionsalt: v1:salt",
  "config:",
  "  aws:region: eu-west-1",
  "  swarm-farm:image: { kind: farm, version: 2026-12-01 }",
  "  swarm-farm:config:hello: '{\"replicas\":2}'",
  "  swarm-farm:nodes:",
  "    manager1: { role: manager, labels: { db: 'true' } }",
  "  swarm-farm:backups:",
  "    password: { secure: v1:abc }",
  "",
].join("\n");

test("values are read as the farm reads them, and encrypted ones as they are", () => {
  farm.configure(file);
  expect(readDocument(farm.context())).toEqual({
    keys: {
      image: { kind: "farm", version: "2026-12-01" },
      hello: { replicas: 2 },
      nodes: { manager1: { role: "manager", labels: { db: "true" } } },
      backups: { password: { secure: "v1:abc" } },
    },
    others: { config: { "aws:region": "eu-west-1" }, top: { encryptionsalt: "v1:salt" } },
  });
});

test("what is written for another stack is the same configuration, for its owner alone, until it is removed", () => {
  farm.configure(file);
  const other = farm.context({ stack: "dev-rehearsal" });
  writeDocument(other, readDocument(farm.context()));
  const path = join(farm.home, "Pulumi.dev-rehearsal.yaml");
  const written = readStackFile(farm.home, "dev-rehearsal");
  expect(written).toEqual(readStackFile(farm.home, "dev"));
  expect(load(readFileSync(path, "utf8"))).toMatchObject({
    encryptionsalt: "v1:salt",
    config: { "aws:region": "eu-west-1" },
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  removeDocument(other);
  removeDocument(other);
  expect(existsSync(path)).toBe(false);
});

test("a date that Pulumi has written as a time is the date", () => {
  farm.configure("config:\n  swarm-farm:image: { version: 2026-12-01 00:00:00 +0000 UTC }\n");
  expect(readDocument(farm.context()).keys).toEqual({ image: { version: "2026-12-01" } });
});

test.each([
  ["config:\n  swarm-farm:hello: { a: { secure: AAAA } }\n", "encrypted for this stack alone"],
  ["environment: [shop]\nconfig: {}\n", "an environment of Pulumi ESC"],
  ["config: [", "is not valid YAML"],
])("%j is refused", (text, message) => {
  farm.configure(text);
  expect(() => readDocument(farm.context())).toThrow(message);
});

test("a stack without a file is refused", () => {
  expect(() => readDocument(farm.context({ stack: "shop" }))).toThrow("there is no Pulumi.shop.yaml");
});
