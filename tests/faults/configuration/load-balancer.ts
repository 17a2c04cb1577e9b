import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, origin, type TestFarm } from "../../live/farm";
import { expectSite, replicas, status, walkedOrigin } from "./look";
import type { Step } from "./types";

/** curl's arguments for a host name that only the walk knows. */
const shop = ["--resolve", `shop.example:8443:${addresses.manager1}`] as const;

const rateLimit = { requestsPerSecond: 1, burst: 1 };

/** A network that no client of the test is in. */
const elsewhere = [`${addresses.worker3}/32`];

/** The load balancer, its routes and certificate, rotated secrets, and the visualizer. */
export const loadBalancerSteps: readonly Step[] = [
  {
    title: "other ports, names and routes with access rules, which are the only way in, HSTS, and all secrets rotated",
    change: () => ({
      hello: { port: null },
      lamp: { port: null },
      loadbalancer: {
        httpPort: 8000,
        httpsPort: 8443,
        hostnames: ["shop.example"],
        routes: {
          lamp: {
            host: "shop.example",
            path: "/",
            login: false,
            allow: ["10.77.0.0/24"],
            rateLimit: { requestsPerSecond: 100, burst: 50 },
            bodyMiB: 1,
          },
          hello: { host: "shop.example", path: "/hi/", login: true, allow: ["10.77.0.0/24"], rateLimit },
          visualizer: { host: "shop.example", path: "/who/", login: false, allow: elsewhere, rateLimit },
        },
      },
      rotate: { mysql: 2, login: 2, certificate: 2, registry: 2, authority: 2 },
    }),
    effect: async (farm) => {
      const site = "https://shop.example:8443";
      // It is another one.
      await farm.trustAuthority();
      await expectSiteAt(farm, `${site}/`);
      expect(await status(farm, `${walkedOrigin}/`)).toBe("404");
      for (const port of [8080, 8081]) expect(await isOpen(farm, port)).toBe(false);
      const redirect = [
        "-o",
        "/dev/null",
        "-w",
        "%{redirect_url}",
        "--resolve",
        `shop.example:8000:${addresses.manager1}`,
      ];
      expect(await farm.curl([...redirect, "http://shop.example:8000/a"])).toBe(`${site}/a`);
      const upload = join(farm.home, "upload");
      writeFileSync(upload, Buffer.alloc(2 * 2 ** 20));
      expect(await status(farm, ...shop, "--data-binary", `@${upload}`, `${site}/`)).toBe("413");
      expect(await status(farm, ...shop, `${site}/hi/`)).toBe("401");
      expect(await status(farm, ...shop, `${site}/who/`)).toBe("403");
      const login = `admin:${(await farm.ok(["secret", "admin"])).stdout.trim()}`;
      const answers = await farm.curl([...shop, "-u", login, "-w", "%{http_code}\\n", `${site}/hi/?[1-6]`]);
      expect(answers).toMatch(/hello from/);
      expect(answers).toMatch(/^429$/m);
    },
    restarts: ["loadbalancer", "hello", "lamp-nginx", "lamp-php", "lamp-mysql", "lamp-sessions", "registry"],
  },
  {
    title: "HAProxy that speaks FastCGI under a user's own certificate, and no visualizer",
    change: ({ cert, key }) => ({
      loadbalancer: {
        implementation: "haproxy",
        mode: "fastcgi",
        httpPort: 80,
        httpsPort: 443,
        hsts: { maxAgeSeconds: 600, includeSubDomains: true },
        certificate: { cert, key },
        routes: null,
      },
      visualizer: null,
    }),
    effect: async (farm, { cert }) => {
      const names = Object.keys(await replicas(farm));
      expect(names.filter((name) => name.startsWith("visualizer"))).toEqual([]);
      expect(await farm.runningTasks("loadbalancer", "{{.Image}}")).toEqual(
        expect.arrayContaining([expect.stringContaining("/haproxy@")]),
      );
      await expectSite(farm, `${origin}/`, cert);
      expect(await farm.curl(["-D", "-", "-o", "/dev/null", `${origin}/style.css`], cert)).toMatch(
        /strict-transport-security: max-age=600; includeSubDomains/i,
      );
      expect(await isOpen(farm, 9000)).toBe(false);
      expect((await farm.farm(["run", "--", "curl", "-sS", "--cacert", farm.authority, `${origin}/`])).status).not.toBe(
        0,
      );
    },
    restarts: ["loadbalancer", "visualizer", "visualizer-gate"],
  },
  {
    title: "nginx that speaks HTTP under the farm's own certificate again, and the visualizer",
    change: () => ({
      loadbalancer: { implementation: "nginx", mode: "http", certificate: null, hsts: null, hostnames: null },
      visualizer: {},
      hello: { port: 8081 },
    }),
    effect: async (farm) => {
      await expectSite(farm);
      expect(await farm.curl([`${origin}/hello/`])).toContain("hello from");
      expect(await status(farm, `${origin}/visualizer/`)).toBe("401");
    },
    restarts: ["loadbalancer", "hello"],
  },
];

/** Whether a node accepts connections on a port. */
const isOpen = async (farm: TestFarm, port: number): Promise<boolean> =>
  (await farm.farm(["run", "--", "curl", "-s", "--max-time", "20", `http://${addresses.worker1}:${String(port)}/`]))
    .status !== 7;

const expectSiteAt = async (farm: TestFarm, url: string) => {
  expect(await farm.curl([...shop, url])).toMatch(/id="visits">\d+</);
};
