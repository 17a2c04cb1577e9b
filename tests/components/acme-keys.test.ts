import * as pulumi from "@pulumi/pulumi";
import { AcmeKeys } from "../../infra/keys/acme";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { acmeAccount } from "../support/states";

const names = ["shop.example.com", "www.example.com"];

async function keysWith(rotation: number): Promise<{ keys: AcmeKeys; resources: Registered[] }> {
  let keys: AcmeKeys | undefined;
  const resources = await record(() => {
    keys = new AcmeKeys("web-acme-keys", { names, rotation });
  });
  if (!keys) throw new Error("nothing was made");
  return { keys, resources };
}

test("they are two commands: what is generated once, and the request for its names", async () => {
  const { resources } = await keysWith(1);
  expect(listing(resources)).toEqual([
    "web-acme-keys > web-acme-keys-private: command:local:Command",
    "web-acme-keys > web-acme-keys-request: command:local:Command",
    "web-acme-keys: swarm-farm:keys:AcmeKeys",
  ]);
  const made = find(resources, "web-acme-keys-private");
  expect(made.inputs).toMatchObject({ update: ":", logging: "none", triggers: [] });
  expect([made.secretOutputs, made.ignoreChanges]).toEqual([["stdout"], ["create", "environment", "stdin"]]);
  const request = find(resources, "web-acme-keys-request");
  const subjects = "DNS:shop.example.com,DNS:www.example.com";
  expect({ ...request.inputs, create: "" }).toEqual({
    create: "",
    update: ":",
    logging: "none",
    environment: { NAMES: subjects },
    stdin: { secret: "private half of web-acme-keys-private\n" },
    triggers: [subjects, "1-ate-id"],
  });
  expect(request.ignoreChanges).toEqual(["create"]);
});

test("private keys are secret; the request, the thumbprint and versions are not", async () => {
  const { keys } = await keysWith(1);
  const secrets = await Promise.all(
    [keys.account.value, ...keys.certificates.map(({ value }) => value)].map((value) => pulumi.isSecret(value)),
  );
  expect(secrets).toEqual([true, true]);
  const open = [keys.request, keys.thumbprint, keys.account.version];
  expect(await Promise.all(open.map((value) => pulumi.isSecret(value)))).toEqual([false, false, false]);
  expect(await Promise.all([keys.request, keys.thumbprint].map((value) => valueOf(value)))).toEqual([
    "stdout of web-acme-keys-request\n",
    acmeAccount.thumbprint,
  ]);
});

test("a rotation keeps the previous certificate's key, after the current one", async () => {
  const { keys, resources } = await keysWith(3);
  expect(resources.map(({ name }) => name).filter((name) => name.includes("private"))).toEqual([
    "web-acme-keys-private-2",
    "web-acme-keys-private-3",
  ]);
  expect(await Promise.all(keys.certificates.map(({ value }) => valueOf(value)))).toEqual([
    "private half of web-acme-keys-private-3\n",
    "private half of web-acme-keys-private-2\n",
  ]);
});
