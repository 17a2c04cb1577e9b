import { z } from "zod";
import { Hostname, LabelValue, Name } from "../../../infra/config/primitives";
import { parseAddress } from "../../../infra/ipv4/cidr";

const addressMessage = "must be a host with its port, e.g. 192.168.1.10:9100";

const TargetAddress = z.string().refine((text) => {
  const [, host = "", port = ""] = /^([^:]*):(\d{1,5})$/.exec(text) ?? [];
  if (Number(port) < 1 || Number(port) > 65_535) return false;
  // Digits and dots that are no address are no name either.
  return /^[\d.]+$/.test(host) ? parseAddress(host) !== undefined : Hostname.safeParse(host).success;
}, addressMessage);

/** Labels that Prometheus or the farm's rules set themselves. */
const reserved = ["job", "instance", "kind", "alertname", "severity"];

const LabelName = z
  .string()
  .max(64, "must have at most 64 characters")
  .regex(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/, "must be letters, digits and _, not beginning with a digit or __, e.g. rack")
  .refine((name) => !reserved.includes(name), `must not be one of ${reserved.join(", ")}, which are set already`);

/** More would be a farm's own work for Prometheus; a file of such a list belongs to a Prometheus of one's own. */
const maxTargets = 100;

const Target = z
  .strictObject({
    address: TargetAddress.describe("Host and port, as a task on the node with Prometheus reaches it."),
    kind: z
      .enum(["hypervisor", "other"])
      .default("other")
      .describe("`hypervisor`: a node exporter on a host of VMs; alerts say when the host is down or its disk full."),
    path: z
      .string()
      .max(255, "must have at most 255 characters")
      .regex(/^\/[A-Za-z0-9._~/-]*$/, "must be a path such as /metrics")
      .default("/metrics"),
    scheme: z
      .enum(["http", "https"])
      .default("http")
      .describe("`https`: with a certificate of a public CA for the host."),
    labels: z
      .record(LabelName, LabelValue)
      .refine((all) => Object.keys(all).length <= 10, "must have at most 10 labels")
      .default({})
      .describe("Labels of all its samples, besides `job` (its name here), `instance` (its address) and `kind`."),
  })
  .describe("A program with metrics outside of the swarm.");

/** The keys of `monitoring.targets`. */
export const Targets = z
  .record(Name, Target)
  .refine((all) => Object.keys(all).length <= maxTargets, `must have at most ${String(maxTargets)} targets`)
  .default({})
  .describe(
    "What Prometheus scrapes outside of the swarm, by name: a node exporter on each hypervisor, a switch, a database ([how](how-to/monitoring.md#hypervisors)).",
  );

export type TargetsConfig = z.infer<typeof Targets>;
