import { parseConfig } from "../../../../stacks/config";
import { stacks } from "../../../../stacks/index";
import { plansOf } from "../../../../stacks/plans";
import { smallest, type RawConfig } from "../../../support/configs";

const byName = { kind: "service", service: "hello", port: 8080, endpoint: "tasks" };
const byMesh = (port: number) => ({ kind: "http", port });

test.each<[string, RawConfig, readonly number[], object]>([
  ["no load balancer", {}, [8080], byMesh(8080)],
  ["no load balancer, and a port", { hello: { port: 90 } }, [90], byMesh(90)],
  ["a route", { loadbalancer: {} }, [], byName],
  ["a route, and a port", { loadbalancer: {}, hello: { port: 90 } }, [90], byMesh(90)],
  ["a load balancer that leads elsewhere", { loadbalancer: { routes: {} } }, [8080], byMesh(8080)],
])("with %s, every node has these ports of hello, and a route leads there", (_, changes, ports, target) => {
  const plans = plansOf(stacks, parseConfig(smallest(changes)));
  expect(plans.ports.flatMap(({ service, port }) => (service === "hello" ? [port] : []))).toEqual(ports);
  expect(plans.targets.hello).toEqual(target);
  expect(plans.images).toContain("hello");
});
