/**
 * `expired-certificates.ts SSH_CONFIG NODE…`: prints a line `NODE DATE` for each node whose certificate of the swarm has
 * expired by the node's own clock. Nodes that do not answer are left out.
 */
import { basename, dirname } from "node:path";
import { foldersOf } from "../infra/config/folders";
import { askCertificates, expired } from "../cli/doctor/certificates";

async function main([ssh = "", ...nodes]: readonly string[]): Promise<void> {
  const state = dirname(dirname(ssh));
  const farm = { stack: basename(state), folders: { ...foldersOf("", process.env), state } };
  for (const { node, date } of expired(await askCertificates(farm, nodes))) console.log(`${node} ${date}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(2);
});
