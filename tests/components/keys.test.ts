import * as pulumi from "@pulumi/pulumi";
import { Authority, givenCertificate, type Certificate } from "../../infra/keys/authority";
import { Login } from "../../infra/keys/login";
import { Password } from "../../infra/keys/password";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";

/** The value of an output, and whether it is secret. */
async function shown(output: pulumi.Output<string>): Promise<unknown> {
  const value = await valueOf(output);
  return (await pulumi.isSecret(output)) ? { secret: value } : value;
}

describe("Authority", () => {
  let authority: Authority;
  let issued: Certificate;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      authority = new Authority("authority", { farm: "dev", rotation: 1 });
      issued = authority.issue("web-certificate", { names: ["web.example", "10.77.0.11"], rotation: 3 }, authority);
    });
  });

  test("is one command, and one for each certificate", () => {
    expect(listing(resources)).toEqual([
      "authority > authority-self: command:local:Command",
      "authority > web-certificate: command:local:Command",
      "authority: swarm-farm:keys:Authority",
    ]);
  });

  test("runs once, and its output is secret and not logged", () => {
    const self = find(resources, "authority-self");
    expect(self.inputs).toMatchObject({ update: ":", logging: "none", environment: { FARM: "dev" }, triggers: [] });
    expect(self.secretOutputs).toEqual(["stdout"]);
    expect(self.ignoreChanges).toEqual(["create", "environment", "stdin"]);
  });

  test("issues for names and addresses, its own key on standard input alone", () => {
    const { inputs, secretOutputs } = find(resources, "web-certificate");
    const own = "authority-self";
    expect({ ...inputs, create: "" }).toEqual({
      create: "",
      update: ":",
      logging: "none",
      environment: { NAMES: "DNS:web.example,IP:10.77.0.11", COMMON: "web.example" },
      stdin: { secret: JSON.stringify({ key: `private half of ${own}\n`, cert: `public half of ${own}\n` }) },
      triggers: ["DNS:web.example,IP:10.77.0.11", "3", `public half of ${own}\n`],
    });
    expect(secretOutputs).toEqual(["stdout"]);
  });

  test("issues a new certificate for changed names, which are not ignored", () => {
    expect(find(resources, "web-certificate").ignoreChanges).toEqual(["create"]);
  });

  test("gives keys as secrets, certificates and versions readable", async () => {
    const of = "web-certificate";
    expect(await shown(authority.cert)).toBe("public half of authority-self\n");
    expect(await Promise.all([issued.cert, issued.key, issued.version].map(shown))).toEqual([
      `public half of ${of}\n`,
      { secret: `private half of ${of}\n` },
      "icate-id",
    ]);
  });
});

test("during a rotation nodes trust both CAs, and the new one alone issues", async () => {
  let authority: Authority | undefined;
  const resources = await record(() => {
    authority = new Authority("authority", { farm: "dev", rotation: 2 });
    authority.issue("web-certificate", { names: ["web.example"], rotation: 1 }, authority);
  });
  // The first one keeps its name, and with it what is in the state.
  expect(listing(resources)).toEqual([
    "authority > authority-self-2: command:local:Command",
    "authority > authority-self: command:local:Command",
    "authority > web-certificate: command:local:Command",
    "authority: swarm-farm:keys:Authority",
  ]);
  if (!authority) throw new Error("there is no authority");
  expect(await shown(authority.cert)).toBe("public half of authority-self-2\n");
  expect(await shown(authority.trusted)).toBe("public half of authority-self\npublic half of authority-self-2\n");
  expect(find(resources, "web-certificate").inputs.triggers).toContain("public half of authority-self-2\n");
});

test("a certificate for names of more than 64 characters has another common name, which openssl takes", async () => {
  const long = `${"a".repeat(60)}.${"b".repeat(60)}.example`;
  const resources = await record(() => {
    const authority = new Authority("authority", { farm: "dev", rotation: 1 });
    authority.issue("long-certificate", { names: [long, "10.77.0.11"], rotation: 1 }, authority);
    authority.issue("only-long-certificate", { names: [long], rotation: 1 }, authority);
  });
  const environment = (name: string) => find(resources, name).inputs.environment;
  expect(environment("long-certificate")).toEqual({ NAMES: `DNS:${long},IP:10.77.0.11`, COMMON: "10.77.0.11" });
  expect(environment("only-long-certificate")).toEqual({ NAMES: `DNS:${long}`, COMMON: "swarm-farm" });
  const { create } = find(resources, "long-certificate").inputs;
  expect(create).not.toContain("/dev/null");
});

test("a certificate of one's own is known by its content, and each file ends with one newline", async () => {
  await record(() => undefined);
  const given = (cert: string) => {
    const { key, version, ...rest } = givenCertificate(cert, "key");
    return Promise.all([rest.cert, key, version].map(shown));
  };
  expect(await given("cert")).toEqual(["cert\n", { secret: "key\n" }, "06298432"]);
  expect((await given("cert\n\n"))[0]).toBe("cert\n");
  expect((await given("other"))[2]).not.toBe("06298432");
});

describe("Login", () => {
  let login: Login;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      login = new Login("edge-login", { username: "admin", rotation: 2 });
    });
  });

  test("is one command that runs again for another rotation alone", () => {
    expect(listing(resources)).toEqual([
      "edge-login > edge-login-generated: command:local:Command",
      "edge-login: swarm-farm:keys:Login",
    ]);
    const { inputs, ignoreChanges, secretOutputs } = find(resources, "edge-login-generated");
    expect({ ...inputs, create: "" }).toEqual({ create: "", update: ":", logging: "none", triggers: ["2"] });
    expect([ignoreChanges, secretOutputs]).toEqual([["create"], ["stdout"]]);
  });

  test("is secret in every form; its name and version tell nothing of it", async () => {
    expect(await Promise.all([login.password, login.bcrypt, login.crypt, login.version].map(shown))).toEqual([
      { secret: "password of edge-login-generated" },
      { secret: "admin:$2y$04$hash\n" },
      { secret: "admin:$5$rounds=1000$hash\n" },
      "2-ted-id",
    ]);
    expect(login.username).toBe("admin");
  });
});

test("Password is one command that runs again for another rotation alone, and is secret", async () => {
  let password: Password | undefined;
  const resources = await record(() => {
    password = new Password("db", { username: "app", rotation: 4 });
  });
  expect(listing(resources)).toEqual(["db > db-generated: command:local:Command", "db: swarm-farm:keys:Password"]);
  const { inputs, ignoreChanges, secretOutputs } = find(resources, "db-generated");
  expect(inputs).toMatchObject({ triggers: ["4"], update: ":", logging: "none" });
  expect([ignoreChanges, secretOutputs]).toEqual([["create"], ["stdout"]]);
  if (!password) throw new Error("there is no password");
  expect(await Promise.all([password.value, password.version].map(shown))).toEqual([
    { secret: "password of db-generated" },
    "4-ted-id",
  ]);
});
