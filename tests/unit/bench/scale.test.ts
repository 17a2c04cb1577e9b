import { longestChain, referencesIn, resourcesOf, servicesBeforeNodes } from "../../../bench/scale/state";

interface Listed {
  readonly name: string;
  readonly type?: string;
  readonly after?: readonly string[];
  readonly provider?: string;
}

const urn = (name: string) => `urn:pulumi:bench::swarm-farm::${name}::${name}`;

/** A state file with these resources in this order. */
function stateOf(resources: readonly Listed[]): string {
  const listed = resources.map(({ name, type = "command:local:Command", after, provider }) => ({
    urn: urn(name),
    type,
    custom: true,
    ...(after ? { dependencies: after.map(urn) } : {}),
    ...(provider === undefined ? {} : { provider: `${urn(provider)}::id` }),
  }));
  return JSON.stringify({ version: 3, checkpoint: { latest: { resources: listed } } });
}

const service = "docker:index/service:Service";

test("the longest chain goes over dependencies and providers, whatever the width", () => {
  const wide = Array.from({ length: 20 }, (_, at) => ({ name: `node${String(at)}`, after: ["network"] }));
  const resources = resourcesOf(
    stateOf([
      { name: "docker" },
      { name: "network" },
      ...wide,
      { name: "ready", after: wide.map(({ name }) => name) },
      { name: "web", type: service, after: ["ready"], provider: "docker" },
      { name: "last", provider: "web" },
    ]),
  );
  expect(longestChain(resources)).toBe(5);
  expect(referencesIn(resources)).toBe(20 + 20 + 1);
  expect(longestChain([])).toBe(0);
});

test("services before the last node is ready are counted, and a farm without nodes is none", () => {
  const members = [{ name: "a-ready" }, { name: "b-ready" }];
  const services = [
    { name: "web", type: service },
    { name: "db", type: service },
  ];
  expect(servicesBeforeNodes(resourcesOf(stateOf([...members, ...services])))).toBe(0);
  const [first, second] = members;
  const early = [first, ...services, second].flatMap((each) => each ?? []);
  expect(servicesBeforeNodes(resourcesOf(stateOf(early)))).toBe(2);
  expect(() => servicesBeforeNodes(resourcesOf(stateOf(services)))).toThrow("no node that is ready");
});

test("a file that is no state is refused", () => {
  expect(() => resourcesOf("{}")).toThrow("checkpoint");
});
