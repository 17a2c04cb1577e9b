import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { certificateList } from "../../stacks/loadbalancer/sni/serving";
import { container, type LoadBalancerPlan } from "../../stacks/loadbalancer/base/types";
import { makeCertificate, makeKey } from "./certificates";

/**
 * Writes the further certificates of a plan, each with its name as its subject, and HAProxy's list of them into a folder.
 *
 * @param pem the default certificate
 * @returns a configuration with these files in the place of a container's
 */
export function withCertificates(
  plan: LoadBalancerPlan,
  folder: string,
  pem: string,
): (configuration: string) => string {
  for (const { name } of plan.certificates ?? []) {
    const key = makeKey(folder, `${name}.key`);
    const cert = makeCertificate(folder, `${name}.crt`, key, name);
    writeFileSync(join(folder, `tls-${name}.pem`), readFileSync(cert, "utf8") + readFileSync(key, "utf8"));
  }
  const list = join(folder, "certificates.list");
  const here = (text: string) =>
    text
      .replaceAll("/run/secrets/tls-", `${folder}/tls-`)
      .replaceAll(container.certificate, pem)
      .replaceAll(container.certificateList, list);
  for (const { content } of certificateList(plan)) writeFileSync(list, here(content));
  return here;
}
