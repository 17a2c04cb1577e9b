import { withStacks, type RawConfig } from "../support/configs";
import { runProgram } from "../support/program";

/** The output `urls`. A key that is undefined is not set. */
async function urls(changes: RawConfig): Promise<unknown> {
  const config = JSON.parse(JSON.stringify(withStacks(changes))) as Record<string, unknown>;
  return (await runProgram(config)).outputs.urls;
}

const hello = "http://10.77.0.11:8080";
const byRoute = { hello: "https://10.77.0.11/hello/" };
const admin = { admin: { image: "adminer:5.4.1" } };

test.each<[string, RawConfig, object]>([
  ["hello alone", { lamp: undefined, loadbalancer: undefined }, { hello }],
  ["hello on another port", { lamp: undefined, hello: { port: 90 } }, { hello: "http://10.77.0.11:90" }],
  ["lamp by the mesh", { loadbalancer: undefined }, { hello, lamp: "http://10.77.0.11:8081" }],
  ["lamp through the load balancer", {}, { ...byRoute, lamp: "https://10.77.0.11/" }],
  ["hello by the mesh, where it has a port", { hello: { port: 8080 } }, { hello, lamp: "https://10.77.0.11/" }],
  [
    "the database's administration",
    { lamp: admin },
    { ...byRoute, lamp: "https://10.77.0.11/", admin: "https://10.77.0.11/admin/" },
  ],
  [
    "a load balancer on another port",
    { loadbalancer: { httpsPort: 8443 }, visualizer: {} },
    {
      hello: "https://10.77.0.11:8443/hello/",
      lamp: "https://10.77.0.11:8443/",
      visualizer: "https://10.77.0.11:8443/visualizer/",
    },
  ],
  [
    "a route with a host name",
    { loadbalancer: { routes: { lamp: { host: "shop.example", path: "/a/" } } } },
    { hello, lamp: "https://shop.example/a/" },
  ],
  [
    "a stack that no route leads to",
    { loadbalancer: { routes: {} }, visualizer: {} },
    { hello, lamp: "http://10.77.0.11:8081" },
  ],
])("%s has its URL in the outputs", async (_, changes, expected) => {
  expect(await urls(changes)).toEqual(expected);
});
