import type * as pulumi from "@pulumi/pulumi";
import type { AcmeKeys } from "../../../infra/keys/acme";
import type { FarmServiceSpec, OwnedSecret } from "../../../infra/service/farm-service";
import { secretFile } from "../../../infra/service/files";
import type { VolumeMount, TmpfsMount } from "../../../infra/service/spec/mounts";
import type { Swarm } from "../../../infra/swarm/swarm";
import { container } from "../base/types";
import { servedFile } from "./files";

/** Parts of a balancer's service by which its certificate changes while it runs. */
export interface Serving {
  readonly spec: Pick<FarmServiceSpec, "entrypoint" | "env" | "stopSignal">;
  readonly secrets: readonly OwnedSecret[];
  readonly mounts: readonly (VolumeMount | TmpfsMount)[];
}

/** Arguments of `servingOf`. */
export interface ServingArgs {
  readonly swarm: Swarm;
  readonly implementation: "nginx" | "haproxy";
  readonly keys: AcmeKeys;
  /** Where the certificate is, in PEM. */
  readonly url: string;
  /** The user of the balancer. */
  readonly uid: number;
}

/** How each is started, told to read its files again without losing a connection, and stopped. */
const programs = {
  nginx: { reload: "HUP", command: ["/usr/sbin/nginx", "-g", "daemon off;"], stopSignal: "SIGQUIT" },
  haproxy: { reload: "USR2", command: ["/usr/sbin/haproxy", "-W", "-db"], stopSignal: "SIGUSR1" },
} as const;

/** Seconds between two looks for a certificate: until the first is there, and then. */
const looks = { first: 10, later: 300 };

/** The balancer beside a loop that fetches its certificate; private keys come as secrets, and certificates are public. */
export function servingOf(name: string, args: ServingArgs, parent: pulumi.Resource): Serving {
  const { swarm, implementation, keys, url, uid } = args;
  const { reload, command, stopSignal } = programs[implementation];
  const files = ["acme.key", "acme-previous.key"].slice(0, keys.certificates.length);
  return {
    spec: {
      entrypoint: ["/usr/local/bin/serve-certificate", reload, ...command],
      env: {
        URL: url,
        KEYS: files.map((file) => `/run/secrets/${file}`).join(" "),
        STORE: "/var/lib/certificate",
        INTERIM: container.certificate,
        SERVED: servedFile,
        FIRST_LOOK: String(looks.first),
        LOOK: String(looks.later),
      },
      stopSignal,
    },
    secrets: files.flatMap((file, index) => {
      const key = keys.certificates[index];
      const resource = `${name}-${file.replace(".", "-")}`;
      return key ? [secretFile(resource, { swarm, file, uid, ...key }, parent)] : [];
    }),
    mounts: [
      { type: "volume", source: `${name}-certificate`, target: "/var/lib/certificate" },
      { type: "tmpfs", target: "/run/certificate", sizeMiB: 1 },
    ],
  };
}
