import * as fc from "fast-check";
import { service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { file, refusedOf } from "../../support/compose/refused";
import { inFolder } from "../../support/compose/stack-deploy";

/** A file with these services, each with the numbers of those that it depends on. */
function fileOf(dependencies: readonly (readonly number[])[]) {
  const services = dependencies.map((on, i) => {
    const names = [...new Set(on)].map((each) => `s${String(each)}`).join(", ");
    return `  s${String(i)}: {image: a, depends_on: [${names}]}\n`;
  });
  return file(`services:\n${services.join("")}`);
}

const graph = fc
  .integer({ min: 1, max: 7 })
  .chain((size) => fc.array(fc.array(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }));

/** Whether services can start, by taking away those that wait for none. */
function canStart(dependencies: readonly (readonly number[])[]): boolean {
  const left = new Set(dependencies.keys());
  let before = -1;
  while (left.size !== before) {
    before = left.size;
    for (const i of left) if (!(dependencies[i] ?? []).some((each) => left.has(each))) left.delete(i);
  }
  return left.size === 0;
}

test("services that wait for each other are refused, and all others stand after what they depend on", async () => {
  await fc.assert(
    fc.asyncProperty(graph, async (dependencies) => {
      const one = fileOf(dependencies);
      const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
      const refused = findings.filter(({ outcome }) => outcome === "refused");
      expect(refused.length === 0).toBe(canStart(dependencies));
      for (const { reason } of refused) expect(reason).toMatch(/^services wait for each other: 's\d'/);
      const keys = application?.services.map(({ key }) => key) ?? [];
      expect(keys).toHaveLength(dependencies.length);
      if (refused.length > 0) return;
      for (const { key, dependsOn } of application?.services ?? [])
        for (const { service } of dependsOn) expect(keys.indexOf(service)).toBeLessThan(keys.indexOf(key));
    }),
    { numRuns: 60 },
  );
});

const images: readonly (readonly [image: string, isTaken: boolean])[] = [
  ["nginx", true],
  ["nginx:1.29", true],
  ["team/web", true],
  ["registry.example/team/web:1.4", true],
  ["localhost:5000/web", true],
  ["10.0.0.1:5000/a/b/c:latest", true],
  ["[::1]:5000/web", true],
  [`web@sha256:${"a".repeat(64)}`, true],
  [`web:1@sha256:${"0".repeat(64)}`, true],
  ["a__b/c-d.e", true],
  ["Nginx", false],
  ["nginx:", false],
  ["nginx:a b", false],
  ["nginx:-1", false],
  ["-nginx", false],
  ["team//web", false],
  ["web@sha256:abc", false],
  ["https://registry.example/web", false],
  [`nginx:${"1".repeat(129)}`, false],
];

test.each(images)("'%s' is an image: %s", async (image, isTaken) => {
  const messages = await refusedOf(file(`services:\n  web:\n    image: '${image}'\n`));
  expect(messages).toEqual(
    isTaken
      ? []
      : [
          `compose.yaml:3: services.web.image: '${image}' is no image; write 'name:tag' in lower case, e.g. 'registry.example/team/web:1.4'`,
        ],
  );
});

const constraints: readonly (readonly [constraint: string, isTaken: boolean])[] = [
  ["node.role == manager", true],
  ["node.role!=manager", true],
  ["NODE.LABELS.zone == a b", true],
  ["node.hostname==worker1", true],
  ["node.platform.arch == x86_64", true],
  ["engine.labels.os == linux", true],
  ["node.role = manager", false],
  ["node.role", false],
  ["node.role ==", false],
  ["node.colour == red", false],
  ["node.labels. == a", false],
  ["role == manager", false],
];

test.each(constraints)("'%s' is a constraint: %s", async (constraint, isTaken) => {
  const messages = await refusedOf(
    file(`services:\n  web:\n    image: a\n    deploy: {placement: {constraints: ['${constraint}']}}\n`),
  );
  const reasons = messages.map((message) => message.split("constraints: ")[1]);
  expect(reasons).toEqual(
    isTaken
      ? []
      : [`'${constraint}' is no constraint of Swarm; write e.g. 'node.labels.db == true' or 'node.role == worker'`],
  );
});

test("a restart with another service is taken, and reported as being without effect", async () => {
  const one = service("depends_on: {db: {condition: service_started, restart: true}}", "  db: {image: d}\n");
  const { findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.find(({ path }) => path === "services.web.depends_on.db.restart")).toMatchObject({
    line: 4,
    outcome: "improved",
    reason: "without effect: an update of the other service leaves the tasks of this one alone",
  });
});
