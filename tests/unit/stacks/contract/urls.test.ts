import { exampleHost, meshUrl, routeUrl } from "../../../../stacks/contract/urls";
import { worker1 } from "../../../support/samples";

const farm = { plan: { nodes: [worker1] }, plans: { addresses: [] } };

test("a URL has a name that the wildcard covers", () => {
  expect([exampleHost("*.a.org"), exampleHost("a.org")]).toEqual(["any.a.org", "a.org"]);
});

test.each([
  [{ path: "/g/" }, 443, "https://10.77.0.21/g/"],
  [{ path: "/g/" }, 8443, "https://10.77.0.21:8443/g/"],
  [{ host: "a.org", path: "/" }, 443, "https://a.org/"],
  [{ host: "*.a.org", path: "/g/" }, 444, "https://any.a.org:444/g/"],
])("the URL of the route %p at port %d", (route, port, url) => {
  expect(routeUrl(farm, route, port)).toBe(url);
});

test("an address that survives a node comes before those of nodes", () => {
  const kept = { ...farm, plans: { addresses: ["10.77.0.5"] } };
  expect([routeUrl(kept, { path: "/" }, 443), meshUrl(kept, 8080)]).toEqual([
    "https://10.77.0.5/",
    "http://10.77.0.5:8080",
  ]);
});
