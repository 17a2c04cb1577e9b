import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "../../stacks/config";
import { planFarm } from "../../infra/net/plan";
import { urlsOf } from "../../infra/outputs";
import { withStacks, type RawConfig } from "../support/configs";
import { valueOf } from "../support/mocks";

function urls(changes: RawConfig): Promise<unknown> {
  const config = parseConfig(JSON.parse(JSON.stringify(withStacks(changes))));
  return valueOf(urlsOf(planFarm(config, "dev"), config, pulumi.output("ready")));
}

const hello = "http://10.77.0.11:8080";

test.each<[string, RawConfig, object]>([
  ["hello alone", { lamp: undefined, loadbalancer: undefined }, { hello }],
  ["hello on another port", { lamp: undefined, hello: { port: 90 } }, { hello: "http://10.77.0.11:90" }],
  ["lamp by the mesh", { loadbalancer: undefined }, { hello, lamp: "http://10.77.0.11:8081" }],
  ["lamp through the balancer", {}, { hello, lamp: "https://10.77.0.11/" }],
  [
    "a balancer on another port",
    { loadbalancer: { httpsPort: 8443 }, visualizer: {} },
    { hello, lamp: "https://10.77.0.11:8443/", visualizer: "https://10.77.0.11:8443/visualizer/" },
  ],
  [
    "a route with a host name",
    { loadbalancer: { routes: { lamp: { host: "shop.example", path: "/a/" } } } },
    { hello, lamp: "https://shop.example/a/" },
  ],
  ["a stack that no route leads to", { loadbalancer: { routes: {} }, visualizer: {} }, { hello }],
])("%s is told with its address", async (_, changes, wanted) => {
  expect(await urls(changes)).toEqual(wanted);
});

test("no address is told before all that was deployed is there", async () => {
  const config = parseConfig(withStacks());
  let arrive: (value: string) => void = () => undefined;
  const ready = pulumi.output(new Promise<string>((resolve) => (arrive = resolve)));
  const told: unknown[] = [];
  const address = urlsOf(planFarm(config, "dev"), config, ready).apply((all) => told.push(all));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told).toEqual([]);
  arrive("all run");
  await valueOf(address);
  expect(told).toEqual([{ hello, lamp: "https://10.77.0.11/" }]);
});
