import * as pulumi from "@pulumi/pulumi";
import { KeyPair } from "../../infra/keys/key-pair";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";

describe("KeyPair", () => {
  let pair: KeyPair;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
      pair = new KeyPair("login", { comment: "swarm-farm dev" }, parent);
    });
  });

  test("is one command", () => {
    expect(listing(resources)).toEqual(["parent > login-ed25519: command:local:Command", "parent: test:index:Parent"]);
  });

  test("is made once: no edit of script or comment makes other keys", () => {
    const made = find(resources, "login-ed25519");
    expect(made.inputs).toMatchObject({ update: ":", environment: { COMMENT: "swarm-farm dev" }, logging: "none" });
    expect(made.ignoreChanges).toEqual(["create", "environment", "stdin"]);
  });

  test("is the same pair as in earlier versions, where it was a component's", () => {
    expect(find(resources, "login-ed25519").aliases).toEqual([
      "urn:pulumi:dev::swarm-farm::test:index:Parent$swarm-farm:keys:KeyPair::login",
    ]);
  });

  test("keeps the private half secret wherever it stands, and the public half readable", async () => {
    expect(find(resources, "login-ed25519").secretOutputs).toEqual(["stdout"]);
    expect(await pulumi.isSecret(pair.privateKey)).toBe(true);
    expect(await pulumi.isSecret(pair.publicKey)).toBe(false);
    expect(await valueOf(pair.privateKey)).toBe("private half of login-ed25519");
    expect(await valueOf(pair.publicKey)).toBe("public half of login-ed25519");
  });
});
