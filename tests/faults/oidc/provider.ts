/**
 * An OpenID Connect provider in a farm's namespace: `node provider.ts ADDRESS CA_FILE ISSUER_FILE`. Writes the path of its CA and its URL
 * once it answers. A line of standard input is the e-mail address of the user of the next login.
 */
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { startProvider } from "../../support/oidc-provider";

const [address = "", caFile = "", issuerFile = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const provider = await startProvider(address);
  copyFileSync(provider.ca, caFile);
  writeFileSync(`${issuerFile}.new`, provider.issuer);
  renameSync(`${issuerFile}.new`, issuerFile);
  for await (const email of createInterface(process.stdin)) provider.user = { sub: email, email };
  await provider.stop();
}

void main();
