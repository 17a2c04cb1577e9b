import { addresses } from "../../live/farm";
import { registry } from "../../live/parts/derived-image";
import { until } from "../../live/until";
import { expectSite, on, replicas, spec, status } from "./look";
import type { Step } from "./types";
import { origin } from "../../live/farm";

const minute = 60_000;

/** The images that stand in for images of a user: the name of the farm's own image, and what is put on top of it. */
export const images = {
  nginx: ['LABEL walked="yes"'],
  php: ['LABEL walked="yes"'],
  // A user's mysql image gets the arguments of Docker Hub's, which the farm's own start does not read.
  mysql: ['ENTRYPOINT ["/bin/sh", "-c", "exec /usr/local/bin/start"]'],
  visualizer: ['LABEL walked="yes"'],
} as const;

/** The page for `lamp.admin`: the only file that the build has is the CA's certificate. */
export const adminImage = [
  "COPY ca.crt /srv/www/index.html",
  'ENTRYPOINT ["php", "-S", "0.0.0.0:8090", "-t", "/srv/www"]',
] as const;

const image = (name: string) => `${registry}/test/${name}:walk`;

/** No load reaches `target`, so that the steward goes down to `min`. */
const idle = { min: 1, max: 6, target: 1000, upCooldownSeconds: 15, downCooldownSeconds: 10 } as const;

/** Counts, resources, content, ports, policies and images of the services. */
export const serviceSteps: readonly Step[] = [
  {
    title: "counts, reservations, content and the time of the cleanup",
    change: ({ content }) => ({
      hello: { replicas: 6, reservations: { cpus: 0.06, memoryMiB: 12 } },
      lamp: {
        contentDir: content,
        nginx: { replicas: 3, reservations: { cpus: 0.06, memoryMiB: 24 } },
        php: { replicas: "global", reservations: { cpus: 0.06, memoryMiB: 48 } },
      },
      cleanup: { unusedImagesAfterHours: 24 },
    }),
    effect: async (farm) => {
      expect(await replicas(farm)).toMatchObject({ hello: "6/6", "lamp-nginx": "3/3", "lamp-php": "3/3" });
      expect(await farm.runningTasks("lamp-php", "{{.Node}}")).toEqual(["worker1", "worker2", "worker3"]);
      for (const [service, mebibytes] of [
        ["hello", 12],
        ["lamp-nginx", 24],
        ["lamp-php", 48],
      ] as const) {
        const reserved = await spec(farm, service, "json .Spec.TaskTemplate.Resources.Reservations");
        expect(JSON.parse(reserved)).toEqual({ NanoCPUs: 60_000_000, MemoryBytes: mebibytes * 1024 ** 2 });
      }
      await expectSite(farm);
      expect(await farm.curl([`${origin}/style.css`])).toContain(".walked");
      expect(await on(farm, "worker1", "cat /etc/swarm-farm/cleanup.env")).toContain("UNUSED_HOURS=24");
    },
    restarts: ["hello", "lamp-nginx", "lamp-php"],
  },
  {
    title: "php back to a number, and hello and nginx swap ports",
    change: () => ({
      hello: { port: 8081, replicas: 4 },
      lamp: { port: 8080, php: { replicas: 2 }, nginx: { replicas: "global" } },
    }),
    effect: async (farm) => {
      expect(await replicas(farm)).toMatchObject({ hello: "4/4", "lamp-nginx": "4/4", "lamp-php": "2/2" });
      expect(await farm.curl([`http://${addresses.worker1}:8081/`])).toContain("hello from");
      await expectSite(farm, `http://${addresses.worker1}:8080/`);
      await expectSite(farm);
      expect(await farm.curl([`${origin}/hello/`])).toContain("hello from");
    },
    restarts: ["hello", "lamp-nginx", "lamp-php", "loadbalancer"],
  },
  {
    title: "a steward that scales",
    change: () => ({
      steward: { rebalance: false, stabilizationSeconds: 30 },
      hello: { autoscale: { ...idle, metric: "requests" } },
      lamp: {
        nginx: { replicas: 3, autoscale: { ...idle, min: 2, metric: "cpu" } },
        php: { autoscale: { ...idle, min: 2, metric: "cpu" } },
      },
    }),
    effect: async (farm) => {
      await until(
        "the steward to remove tasks of hello",
        async () => (await replicas(farm)).hello === "1/1",
        5 * minute,
      );
      await until(
        "the steward to remove a task of nginx",
        async () => (await replicas(farm))["lamp-nginx"] === "2/2",
        5 * minute,
      );
      const label = 'index .Spec.Labels "swarm-farm.autoscale"';
      expect(await spec(farm, "lamp-php", label)).not.toBe("");
      const path = ".Spec.TaskTemplate.ContainerSpec.Configs";
      const [config] = (await spec(farm, "steward", `range ${path}}}{{.ConfigName}} {{end`)).split(" ");
      const settings = await farm.docker("config", "inspect", config ?? "", "-f", '{{printf "%s" .Spec.Data}}');
      expect(JSON.parse(settings)).toMatchObject({ rebalance: "off", quietSeconds: 30 });
      await expectSite(farm);
    },
    restarts: ["hello", "lamp-nginx", "lamp-php"],
  },
  {
    title: "no steward, and counts from the configuration",
    change: () => ({
      steward: null,
      hello: { autoscale: null, reservations: null },
      lamp: {
        nginx: { replicas: 2, autoscale: null, reservations: null },
        php: { autoscale: null, reservations: null },
      },
    }),
    effect: async (farm) => {
      const running = await replicas(farm);
      expect(running).toMatchObject({ hello: "4/4", "lamp-nginx": "2/2", "lamp-php": "2/2" });
      expect(Object.keys(running).filter((name) => /steward|prometheus|exporter/.test(name))).toEqual([]);
      await expectSite(farm);
    },
    restarts: ["hello", "lamp-nginx", "lamp-php", "steward", "prometheus", "exporter"],
  },
  {
    title: "a user's own images, a page for the database, and encrypted networks",
    change: () => ({
      lamp: {
        encryptOverlay: true,
        nginx: { image: image("nginx") },
        php: { image: image("php") },
        mysql: { image: image("mysql") },
        admin: { image: `${registry}/admin/php:walk`, port: 8090 },
      },
      loadbalancer: { image: image("nginx") },
      visualizer: { image: image("visualizer") },
    }),
    effect: async (farm) => {
      for (const [service, name] of Object.entries(ownImageOf)) {
        const running = await farm.runningTasks(service, "{{.Image}}");
        for (const each of running) expect(each).toContain(`/test/${name}@sha256:`);
      }
      await expectSite(farm);
      expect(await status(farm, `${origin}/admin/`)).toBe("401");
      const login = `admin:${(await farm.ok(["secret", "admin"])).stdout.trim()}`;
      expect(await farm.curl(["-u", login, `${origin}/admin/`])).toContain("BEGIN CERTIFICATE");
      const names = (await farm.docker("network", "ls", "--filter", "scope=swarm", "--format", "{{.Name}}")).split(
        "\n",
      );
      const networks = names.filter((name) => name.startsWith("lamp-"));
      expect(networks).toEqual(expect.arrayContaining(["lamp-data-ipsec", "lamp-web-ipsec"]));
      const encrypted = await farm.docker("network", "inspect", ...networks, "-f", "{{json .Options}}");
      for (const line of encrypted.split("\n")) expect(line).toContain('"encrypted"');
    },
    restarts: ["lamp-nginx", "lamp-php", "lamp-mysql", "lamp-sessions", "loadbalancer", "visualizer"],
  },
  {
    title: "the farm's own images again, and plain networks",
    change: () => ({
      lamp: {
        encryptOverlay: false,
        nginx: { image: null },
        php: { image: null },
        mysql: { image: null },
        admin: null,
      },
      loadbalancer: { image: null },
      visualizer: { image: null },
    }),
    effect: async (farm) => {
      for (const service of Object.keys(ownImageOf))
        for (const each of await farm.runningTasks(service, "{{.Image}}")) expect(each).toContain("/swarm-farm/");
      expect(Object.keys(await replicas(farm))).not.toContain("lamp-admin");
      await expectSite(farm);
    },
    restarts: ["lamp-nginx", "lamp-php", "lamp-mysql", "lamp-sessions", "lamp-admin", "loadbalancer", "visualizer"],
  },
];

/** Which image each service has in the step with a user's own. */
const ownImageOf = {
  "lamp-nginx": "nginx",
  "lamp-php": "php",
  "lamp-mysql": "mysql",
  loadbalancer: "nginx",
  visualizer: "visualizer",
} as const;
