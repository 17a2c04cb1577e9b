import fc from "fast-check";
import { find, type Registered } from "../support/mocks";
import { runProgram, stackConfig } from "../support/program";
import { portsOf, refusedUpdate, takenPorts } from "../support/refused";

const dev = stackConfig("Pulumi.dev.yaml");

/** Services of any number of tasks, ports that others had, stacks that come and go. */
const replicas = fc.constantFrom(1, 3, "global");
const valid = fc
  .record({
    ports: fc.constantFrom<[hello: number, lamp: number]>([8080, 8081], [8081, 8080], [8081, 8082], [8180, 8080]),
    hello: replicas,
    nginx: replicas,
    php: replicas,
    encryptOverlay: fc.boolean(),
    scaled: fc.boolean(),
    balancer: fc.constantFrom(
      undefined,
      {},
      { mode: "fastcgi" },
      { implementation: "haproxy", httpPort: 8082, httpsPort: 8443 },
      { image: "nginx:1.29" },
    ),
    visualizer: fc.boolean(),
    lamp: fc.boolean(),
    rotate: fc.constantFrom(1, 2),
  })
  .filter(({ ports, balancer }) => !(ports.includes(8082) && balancer?.httpPort === 8082))
  .map(({ ports: [first, second], hello, nginx, php, encryptOverlay, scaled, balancer, visualizer, lamp, rotate }) => {
    const autoscale = scaled && php !== "global" ? { autoscale: { min: 1, max: 4, metric: "cpu", target: 0.5 } } : {};
    const config: Record<string, unknown> = {
      ...dev,
      hello: { port: first, replicas: hello },
      lamp: { port: second, encryptOverlay, nginx: { replicas: nginx }, php: { replicas: php, ...autoscale } },
      steward: {},
      loadbalancer: balancer,
      visualizer: {},
      rotate: { mysql: rotate, login: rotate },
    };
    const there: Record<string, boolean> = { lamp, visualizer, loadbalancer: balancer !== undefined };
    return Object.fromEntries(Object.entries(config).filter(([key]) => there[key] ?? true));
  });

/** Problems for which an update from one run of the program to another is refused, a line each. */
function refusals(before: readonly Registered[], after: readonly Registered[]): string[] {
  return after.flatMap((now) => {
    const old = before.find(
      ({ name, type, parent }) => name === now.name && type === now.type && parent === now.parent,
    );
    return old ? refusedUpdate(old, now).map((problem) => `${now.name}: ${problem}`) : [];
  });
}

test("no valid configuration leads to another by an update that is known to be refused", async () => {
  await fc.assert(
    fc.asyncProperty(valid, valid, async (from, to) => {
      const before = (await runProgram(from)).resources;
      const after = (await runProgram(to)).resources;
      expect(refusals(before, after)).toEqual([]);
      // The registry's is fixed, and refused for any other service by a rule between keys.
      const published = portsOf(after).filter(({ service }) => service !== "registry");
      const claimed = String(find(after, "published-ports").inputs.stdin).split("\n").filter(Boolean);
      expect(claimed.sort()).toEqual(published.map(({ service, port }) => `${service} ${String(port)}`).sort());
      for (const { resource } of published) expect(resource.dependsOn).toContain("published-ports");
      expect(claimed).toEqual(expect.arrayContaining(takenPorts(before, after)));
    }),
    { numRuns: 6 },
  );
}, 300_000);

test("a service that becomes global is replaced, and deleted first", async () => {
  const before = (await runProgram(dev)).resources;
  const after = (await runProgram({ ...dev, lamp: { php: { replicas: "global" } } })).resources;
  const php = find(after, "lamp-php-service");
  expect(php).toMatchObject({
    replaceOnChanges: ["mode.global"],
    deleteBeforeReplace: true,
    inputs: { mode: { global: true } },
  });
  expect(refusedUpdate(find(before, "lamp-php-service"), { ...php, replaceOnChanges: [] })).toEqual([
    "a service's mode cannot change",
  ]);
});
