import { registryPort } from "../config/node-ports";

/** Port of its health endpoint in the container, without TLS and password. */
const debugPort = 5001;

/** How long requests may take after the stop signal: less than Swarm waits before it kills the task. */
const drainSeconds = 20;

/** The registry's configuration; JSON is valid YAML. */
export const settings = {
  path: "/etc/docker/registry/config.yml",
  content: JSON.stringify({
    version: 0.1,
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: "/var/lib/registry" }, delete: { enabled: true } },
    http: {
      addr: `:${String(registryPort)}`,
      draintimeout: `${String(drainSeconds)}s`,
      debug: { addr: `127.0.0.1:${String(debugPort)}` },
      tls: { certificate: "/run/secrets/registry.crt", key: "/run/secrets/registry.key" },
    },
    auth: { htpasswd: { realm: "swarm-farm", path: "/run/secrets/registry.htpasswd" } },
    health: { storagedriver: { enabled: true } },
  }),
};

/** Without TLS: for https busybox starts a second process, which outlives the check and which the container does not reap. */
export const healthCommand = [
  "busybox",
  "wget",
  "-q",
  "-O",
  "/dev/null",
  `http://127.0.0.1:${String(debugPort)}/debug/health`,
];
