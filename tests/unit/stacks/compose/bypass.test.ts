import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkAll } from "../../../../stacks/config";
import { withStacks, type RawConfig } from "../../../support/configs";
import { repository } from "../../../support/sources";

describe("a port of a compose file", () => {
  const folder = mkdtempSync(join(tmpdir(), "bypass-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const check = (port: string, route: object, changes: RawConfig = {}) => {
    const file = join(folder, "shop.yaml");
    writeFileSync(file, `services:\n  web:\n    image: swarm-farm/hello\n    ports: [${port}]\n`);
    const shop = { file, routes: { shop: { service: "web", port: 8080, ...route } } };
    return () => checkAll(withStacks({ stacks: { shop }, ...changes }), repository);
  };
  const login = { login: true };
  const limited = { loadbalancer: { routes: { shop: { path: "/", allow: ["10.0.0.0/8"] } } } };

  test.each<[string, string, object, RawConfig]>([
    ["is refused beside a login", '"8099:8080"', login, {}],
    ["is refused beside a list of networks in the load balancer's routes", '"8099:8080"', {}, limited],
    ["is refused where Swarm chooses it", '"8080"', login, {}],
    ["is refused on the nodes of its tasks", "{ target: 8080, published: 8099, mode: host }", login, {}],
  ])("%s", (_, port, route, changes) => {
    const where = port.includes("host") ? "the nodes of its tasks" : "every node";
    const what = port === '"8080"' ? "a port that Swarm chooses" : "8099";
    expect(check(port, route, changes)).toThrow(
      `${join(folder, "shop.yaml")}:4: publishes ${what} on ${where}, beside the route 'shop' with ${changes.loadbalancer ? "allow" : "login"}`,
    );
  });

  test.each<[string, string, object, RawConfig]>([
    ["beside a route that all may use", '"8099:8080"', {}, {}],
    ["that leads elsewhere in the container", '"8099:9000"', login, {}],
    ["of UDP", '"8099:8080/udp"', login, {}],
    ["whose route the load balancer leaves out", '"8099:8080"', login, { loadbalancer: { routes: {} } }],
  ])("%s is published", (_, port, route, changes) => {
    expect(check(port, route, changes)).not.toThrow();
  });
});
