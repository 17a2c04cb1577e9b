import { ComposeError, readApplication } from "../../../../infra/compose/read";
import { service, type Case } from "../../../support/compose/cases";
import { applicationOf, remarksIn } from "../../../support/compose/application";
import { file } from "../../../support/compose/refused";
import { inFolder } from "../../../support/compose/stack-deploy";

const stray =
  "the data in 'shop_data' stays on the node that runs the task, and a task elsewhere begins with an empty volume; add a constraint that holds on one node, e.g. 'node.labels.db == true'";

/** A service with the volume `data` at line 4, and what else the service and the volume have. */
const withData = (lines = "", volume = "") =>
  service(`volumes: [data:/data]\n${lines}`, `volumes: {data: {${volume}}}`);

test.each<[string, Case]>([
  ["a task that may run anywhere", withData()],
  ["a task on any worker", withData("deploy: {placement: {constraints: [node.role == worker]}}")],
  ["a task on any node with an engine label", withData("deploy: {placement: {constraints: [engine.labels.a == b]}}")],
  ["a volume of the driver that docker takes by itself", withData("", "driver: local")],
])("data that %s leaves behind is reported", async (_name, one) => {
  expect(await remarksIn(one)).toEqual([`compose.yaml:4: services.web.volumes: ${stray}`]);
});

test.each<[string, Case, string]>([
  [
    "a variable without a value, which docker would remove from the image",
    service("environment: [A]"),
    "services.web.environment.A: 'A' has no value and is left out: the container has it only if its image sets it; set 'A' under 'variables' of the stack in the configuration",
  ],
  [
    "a preference over what is no label",
    service("deploy: {placement: {preferences: [{spread: node.role}]}}"),
    "services.web.deploy.placement.preferences: Swarm spreads tasks over labels alone, and ignores 'node.role'; write e.g. 'node.labels.zone'",
  ],
])("%s is reported", async (_name, one, remark) => {
  expect(await remarksIn(one)).toEqual([`compose.yaml:4: ${remark}`]);
});

const floating = (image: string) => file(`services:\n  web:\n    image: ${image}\n`, { Dockerfile: "FROM scratch\n" });

test.each([
  ["nginx", "has no tag"],
  ["registry.example:5000/web", "has no tag"],
  ["nginx:latest", "has the tag 'latest'"],
])("the image %s is reported: which one it is changes", async (image, reason) => {
  expect(await remarksIn(floating(image))).toEqual([
    `compose.yaml:3: services.web.image: '${image}' ${reason}, which stands for another image every day; name a version; './farm up' keeps the image that it found until './farm up --pull'`,
  ]);
});

test.each([
  "nginx:1.29",
  `nginx@sha256:${"0".repeat(64)}`,
  `nginx:latest@sha256:${"0".repeat(64)}`,
  "swarm-farm/hello",
  "shop\n    build: .",
])("of the image %s nothing is said", async (image) => {
  expect(await remarksIn(floating(image))).toEqual([]);
});

test.each<[string, Case]>([
  ["is pinned by a label", withData("deploy: {placement: {constraints: [node.labels.db == true]}}")],
  [
    "is pinned by a host name, in any case",
    withData("deploy: {placement: {constraints: [' Node.Hostname==worker1']}}"),
  ],
  ["is pinned by an id", withData("deploy: {placement: {constraints: [node.id == a1]}}")],
  ["runs on every node", withData("deploy: {mode: global}")],
  ["has a volume of another driver", withData("", "driver: vieux/sshfs")],
  ["has a volume of NFS", withData("", "driver_opts: {type: nfs, o: 'addr=10.0.0.9', device: ':/srv'}")],
  ["has a volume that is made elsewhere", withData("", "external: true")],
  ["has an anonymous volume", service("volumes: [/cache]")],
  ["mounts a path of the nodes", service("volumes: ['/srv:/srv']")],
  ["has memory alone", service("tmpfs: /tmp")],
])("a task that %s is not mentioned", async (_name, one) => {
  expect(await remarksIn(one)).toEqual([]);
});

test("each mount and each service has its own remark, after those of the reader", async () => {
  const remarks = await remarksIn(
    file(
      "services:\n  one: {image: 'a:$TAG', volumes: [data:/a, data:/b]}\n  two: {image: 'b:1', volumes: [data:/c]}\nvolumes: {data: }\n",
    ),
  ).catch(String);
  expect(remarks).toBe(
    "Error: compose.yaml:2: services.one.image: 'a:' is no image; write 'name:tag' in lower case, e.g. 'registry.example/team/web:1.4'",
  );
  const set = await remarksIn({
    files: {
      "compose.yaml":
        "services:\n  one: {image: 'a:$TAG', hostname: $HOST, volumes: [data:/a, data:/b]}\n  two: {image: 'b:1', volumes: [data:/c]}\nvolumes: {data: }\n",
    },
    variables: { TAG: "1" },
  });
  expect(set.map((line) => line.split(": ")[1])).toEqual([
    "services.one.hostname",
    "services.one.volumes",
    "services.one.volumes",
    "services.two.volumes",
  ]);
});

test("an unreadable file is refused, and never deployed in part", async () => {
  for (const text of ["services: [", "- a", "", "services: {web: {image: a}, db: b}"]) {
    const read = await applicationOf(file(text));
    expect([text, read.kind]).toEqual([text, text === "" ? read.kind : "refused"]);
    expect(read).not.toHaveProperty(read.kind === "refused" ? "application" : "problems");
  }
});

test("a file that is not there is a problem with its name", async () => {
  const read = await inFolder({}, (folder) =>
    Promise.resolve(readApplication({ name: "shop", folder, files: ["compose.yaml"] })),
  );
  expect(read.kind === "refused" && read.problems.map(({ reason }) => reason)).toEqual([
    "'compose.yaml' cannot be read: there is no such file",
  ]);
});

test("an error counts its problems, and has one line for each", () => {
  const problem = {
    file: "compose.yaml",
    line: 3,
    path: "services.a",
    outcome: "refused",
    reason: "bad",
    alternative: "mend it",
  } as const;
  expect(new ComposeError("shop", [problem]).message).toBe(
    "stack 'shop' has 1 problem:\n  compose.yaml:3: services.a: bad; mend it",
  );
  expect(new ComposeError("shop", [problem, problem]).message).toMatch(/^stack 'shop' has 2 problems:\n.*\n.*mend it$/);
});
