/**
 * `expired-certificates.ts SSH_CONFIG NODE…`: prints a line `NODE DATE` for each node whose certificate of the swarm has
 * expired by the node's own clock. Nodes that do not answer are left out.
 */
import { askCertificates, expired } from "../cli/doctor/certificates";

async function main([ssh = "", ...nodes]: readonly string[]): Promise<void> {
  for (const { node, date } of expired(await askCertificates(ssh, nodes))) console.log(`${node} ${date}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(2);
});
