import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, changedResources, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";
import { client } from "../support/oidc-provider";
import { startBeside } from "./beside";

const minute = 60_000;
jest.setTimeout(30 * minute);

const gateway = "10.77.0.1";
const secretKey = "swarm-farm:loadbalancer.oidc.clientSecret";

/** A provider in the farm's namespace, and a browser of which curl is a part: it follows redirects and keeps cookies. */
describe("a login at an OpenID Connect provider", () => {
  const farm = new TestFarm("test-oidc");
  const [ca, issuerFile] = ["provider.pem", "issuer"].map((file) => join(farm.home, file)) as [string, string];
  let provider: ChildProcess | undefined;

  const setUser = (email: string) => provider?.stdin?.write(`${email}\n`);
  /** The status, and the body if it is hello's, at the end of all redirects. */
  const visit = async (address: string, jar: string, path = "/hello/"): Promise<string> => {
    const file = join(farm.home, jar);
    const options = ["-kL", "--max-redirs", "8", "-b", file, "-c", file, "-w", " %{http_code}"];
    return (await farm.tryCurl([...options, `https://${address}${path}`])).stdout;
  };
  const statusOf = async (address: string, ...more: readonly string[]): Promise<string> =>
    (
      await farm.tryCurl(["-k", "-o", "/dev/null", "-w", "%{http_code}", ...more, `https://${address}/hello/`])
    ).stdout.trim();
  const configure = (implementation: string) => {
    const nodes = { manager1: { role: "manager" }, worker1: { role: "worker" } };
    const issuer = readFileSync(issuerFile, "utf8");
    const oidc = { issuer, ca, clientId: client.id, emailDomains: ["example.com"] };
    farm.configureAs({
      ...smallConfig(nodes),
      hello: { replicas: 2 },
      loadbalancer: { implementation, oidc, routes: { hello: { path: "/hello/", login: "oidc" } } },
    });
  };

  beforeAll(async () => {
    const nodes = { manager1: { role: "manager" }, worker1: { role: "worker" } };
    farm.configureAs({ ...smallConfig(nodes), hello: { replicas: 2 }, loadbalancer: {} });
    await farm.ok(["up"], { shown: true });
    provider = await startBeside(farm, "oidc/provider.ts", [gateway, ca, issuerFile], issuerFile);
  });

  afterAll(async () => {
    provider?.kill("SIGKILL");
    await farm.end();
  });

  describe.each(["nginx", "haproxy"])("through %s", (implementation) => {
    test("up refuses a client's secret in clear, and takes it encrypted", async () => {
      configure(implementation);
      farm.configure((text) => text.replace('"clientId"', '"clientSecret":"hunter2","clientId"'));
      const refused = await farm.farm(["up"]);
      expect(refused.status).not.toBe(0);
      expect(refused.output).toContain("loadbalancer.oidc.clientSecret");
      expect(refused.output).not.toContain("hunter2");
      configure(implementation);
      await farm.ok(["pulumi", "config", "set", "--path", "--secret", secretKey, client.secret]);
      expect(readFileSync(farm.stackFile, "utf8")).not.toContain(client.secret);
      await farm.ok(["up"], { shown: true });
      expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
    });

    test("a browser is sent to the provider and comes back to the page, on every node", async () => {
      setUser("ann@example.com");
      const jar = `ann-${implementation}`;
      for (const address of [addresses.manager1, addresses.worker1])
        await until(
          "the page after a login",
          async () => /hello from [^]* 200$/.test(await visit(address, jar)),
          2 * minute,
        );
      // The session alone opens the page: no redirect is followed.
      const session = ["-b", join(farm.home, jar)];
      expect(await statusOf(addresses.manager1, ...session)).toBe("200");
    });

    test("no session, a user of another domain and a script get no page", async () => {
      expect(await statusOf(addresses.worker1)).toBe("302");
      expect(await statusOf(addresses.worker1, "-H", "Accept: application/json")).toBe("401");
      setUser("eve@elsewhere.example");
      const answer = await visit(addresses.manager1, `eve-${implementation}`);
      expect(answer).toMatch(/ 403$/);
      expect(answer).not.toContain("hello from");
    });

    test("a session goes on when its task of oauth2-proxy is killed", async () => {
      const session = ["-b", join(farm.home, `ann-${implementation}`)];
      const [node = ""] = await farm.runningTasks("loadbalancer-oidc", "{{.Node}}");
      await farm.ok([
        "ssh",
        node,
        "docker kill $(docker ps -qf label=com.docker.swarm.service.name=loadbalancer-oidc)",
      ]);
      await until("the session", async () => (await statusOf(addresses.worker1, ...session)) === "200", 2 * minute);
    });
  });
});
