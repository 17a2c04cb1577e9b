import { counted } from "../../infra/config/counted";
import { renewalDays } from "../../infra/keys/lifetimes";

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** Advice for each certificate of the output `certificates`. */
const remedies: Readonly<Record<string, string>> = {
  registry: "set the next number in 'rotate: { registry: … }', then ./farm up",
  loadbalancer: "set the next number in 'rotate: { certificate: … }', then ./farm up",
  "loadbalancer-own": "renew the files of 'loadbalancer.certificate', then ./farm up",
  authority: "set the next number in 'rotate: { authority: … }', then ./farm up; browsers have to trust the new one",
};

const titles: Readonly<Record<string, string>> = {
  registry: "the certificate of the registry",
  loadbalancer: "the certificate of the load balancer",
  "loadbalancer-own": "the load balancer's own certificate",
  authority: "the certificate of the farm's certificate authority",
};

/**
 * Certificates that have expired or expire within 30 days, one line each.
 *
 * @param certificates the stack's output `certificates`: expiry in ISO 8601 by name; names without a title are skipped
 * @param now          in milliseconds since 1970
 */
export function certificateWarnings(certificates: Readonly<Record<string, string>>, now: number): string[] {
  return Object.entries(certificates).flatMap(([name, notAfter]) => {
    const days = Math.floor((Date.parse(notAfter) - now) / dayMilliseconds);
    const further = /^loadbalancer-certificate-(.*)$/.exec(name)?.[1];
    const [title, remedy] =
      further === undefined
        ? [titles[name], remedies[name]]
        : [
            `the load balancer's certificate '${further}'`,
            `replace the files that loadbalancer.certificates.${further} names, then ./farm up`,
          ];
    if (days >= renewalDays || title === undefined || remedy === undefined) return [];
    const date = notAfter.slice(0, 10);
    const ends = days < 0 ? `expired on ${date}` : `expires on ${date} (in ${counted(days, "day")})`;
    return [`${title} ${ends}: ${remedy}`];
  });
}
