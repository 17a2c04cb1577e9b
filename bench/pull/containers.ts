import { healthCommand, settings } from "../../infra/registry/settings";
import { answersHttp, firstOf } from "../../infra/service/health";

/** How an image runs: as the farm's service of it does, by itself, with a configuration that is as small as it can be. */
export interface Container {
  /** Of a CPU, and memory in MiB: the service's limits. */
  readonly cpus: number;
  readonly memory: number;
  readonly health: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder on a volume. */
  readonly volume?: string;
  /** Folders in memory. Default: `/tmp` */
  readonly tmpfs?: readonly string[];
  /** Contents by path. */
  readonly files?: Readonly<Record<string, string>>;
}

const { storage, log, health } = JSON.parse(settings.content) as Readonly<Record<string, unknown>>;
const registrySettings = {
  version: 0.1,
  log,
  storage,
  health,
  http: { addr: ":5000", debug: { addr: "127.0.0.1:5001" } },
};

const haproxySettings = `defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 10s
frontend all
  bind :8080
  http-request return status 200
`;

/** The containers by image. */
export const containers: Readonly<Record<string, Container>> = {
  hello: { cpus: 0.5, memory: 32, health: answersHttp(8080, "/").command, env: { WHERE: "node task" } },
  nginx: { cpus: 0.5, memory: 320, health: answersHttp(8080, "/").command },
  php: { cpus: 1, memory: 640, health: firstOf(["php-fpm-ping", "php-fpm-ping"]) },
  mysql: {
    cpus: 1,
    memory: 512,
    health: ["mysqladmin", "--connect-timeout=3", "ping"],
    volume: "/var/lib/mysql",
    tmpfs: ["/tmp", "/run/mysqld"],
    files: { "/run/secrets/mysql-password": "bench" },
  },
  valkey: { cpus: 0.5, memory: 96, health: ["valkey-cli", "-e", "ping"], args: ["--maxmemory", "64mb"] },
  haproxy: {
    cpus: 0.5,
    memory: 224,
    health: answersHttp(8080, "/").command,
    files: { "/etc/haproxy/haproxy.cfg": haproxySettings },
  },
  registry: {
    cpus: 1,
    memory: 128,
    health: healthCommand,
    volume: "/var/lib/registry",
    files: { [settings.path]: JSON.stringify(registrySettings) },
  },
  visualizer: {
    cpus: 1,
    memory: 192,
    health: answersHttp(8080, "/").command,
    env: { DOCKER_HOST: "tcp://127.0.0.1:2375" },
  },
};

const second = 1e9;

/** The node's folder of a container's files. */
export const filesFolder = "/var/tmp/bench";

/** The name of a file in that folder. */
export function fileName(path: string): string {
  return path.slice(1).replaceAll("/", "-");
}

/** The request by which Docker's API creates a container, with the times of health checks that services of the farm have. */
export function requestOf(image: string, container: Container): object {
  const { cpus, memory, args, env = {}, volume, tmpfs = ["/tmp"], files = {} } = container;
  const mounts = Object.keys(files).map((path) => {
    return { Type: "bind", Source: `${filesFolder}/${fileName(path)}`, Target: path, ReadOnly: true };
  });
  return {
    Image: image,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(args === undefined ? {} : { Cmd: args }),
    Healthcheck: {
      Test: ["CMD", ...container.health],
      Interval: 60 * second,
      Timeout: 30 * second,
      StartPeriod: 900 * second,
      StartInterval: 3 * second,
      Retries: 3,
    },
    HostConfig: {
      NanoCpus: cpus * second,
      Memory: memory * 2 ** 20,
      Mounts: [
        ...mounts,
        ...tmpfs.map((path) => ({ Type: "tmpfs", Target: path })),
        ...(volume === undefined ? [] : [{ Type: "volume", Target: volume }]),
      ],
    },
  };
}
