import { describe as toText } from "../../../compose/model/findings";
import { readCompose } from "../../../compose/read";
import type { ComposeResult } from "../../../compose/model/application";
import { type Case, service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { inFolder } from "../../support/compose/stack-deploy";

async function readIt(one: Case, profiles: readonly string[] = []): Promise<ComposeResult> {
  const result = await inFolder(one.files, (folder) => read(folder, one, profiles));
  expect(result.findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  return result;
}

const file = (text: string, more: Case["files"] = {}): Case => ({ files: { "compose.yaml": text, ...more } });
const at = (line: number, name = "compose.yaml") => ({ file: name, line });

test("services stand after those that they depend on", async () => {
  const { application } = await readIt(
    file(
      "services:\n  a: {image: a, depends_on: {d: {condition: service_completed_successfully}, b: }}\n" +
        "  b: {image: b, depends_on: [c]}\n  c: {image: c}\n  d: {image: d, depends_on: {c: {condition: service_healthy}}}\n",
    ),
  );
  expect(application?.services.map(({ key }) => key)).toEqual(["c", "d", "b", "a"]);
  expect(application?.services.at(-1)?.dependsOn).toEqual([
    { service: "d", condition: "completed", at: at(2) },
    { service: "b", condition: "started", at: at(2) },
  ]);
});

test("services with a profile are left out until it is on", async () => {
  const one = file("services: {a: {image: a}, b: {image: b, profiles: [x, y]}}");
  const keys = async (...profiles: string[]) =>
    (await readIt(one, profiles)).application?.services.map(({ key }) => key);
  expect(await keys()).toEqual(["a"]);
  expect(await keys("y")).toEqual(["a", "b"]);
});

test("a profile that no service has is refused with the profiles that there are, of services that are left out too", async () => {
  const one = file("services: {a: {image: a}, b: {image: b, profiles: [y, x]}, c: {image: c, profiles: [x]}}");
  const { findings } = await inFolder(one.files, (folder) => read(folder, one, ["x", "debug"]));
  expect(findings.filter(({ outcome }) => outcome === "refused").map(toText)).toEqual([
    "compose.yaml:1: services.*.profiles: no service has the profile 'debug'; use 'x', 'y', or none",
  ]);
});

test("a service inherits from what it extends, also in another file, and its own keys take precedence", async () => {
  const { application } = await readIt(
    file("services:\n  a: {extends: {service: b, file: base.yaml}, environment: {A: own}, ports: ['81:81']}\n", {
      "base.yaml":
        "services:\n  b: {extends: c, image: b, environment: {A: a, B: b}, ports: ['80:80']}\n  c: {image: c, hostname: h}\n",
    }),
  );
  expect(application?.services).toMatchObject([
    {
      key: "a",
      name: "shop_a",
      image: "b",
      hostname: "h",
      environment: [
        { name: "A", value: "own" },
        { name: "B", value: "b" },
      ],
      ports: [
        { published: 80, at: at(2, "base.yaml") },
        { published: 81, at: at(2) },
      ],
    },
  ]);
});

test("a file and a small folder that are bound become configs", async () => {
  const { application } = await readIt({
    files: {
      ...service("volumes: ['./a.conf:/etc/a.conf', './d:/etc/d:ro']").files,
      "a.conf": "a",
      "d/x": "x",
      "d/e/y": "y",
    },
  });
  const [web] = application?.services ?? [];
  expect(web?.mounts).toEqual([]);
  expect(web?.configs.map(({ target, mode }) => [target, mode]).sort()).toEqual([
    ["/etc/a.conf", 0o444],
    ["/etc/d/e/y", 0o444],
    ["/etc/d/x", 0o444],
  ]);
  const content = new Map(
    application?.configs.map((config) => [config.key, config.kind === "own" ? config.content : undefined]),
  );
  expect(web?.configs.map(({ source, target }) => [target, content.get(source)]).sort()).toEqual([
    ["/etc/a.conf", { from: "file", file: "a.conf", base64: "YQ==" }],
    ["/etc/d/e/y", { from: "file", file: "d/e/y", base64: "eQ==" }],
    ["/etc/d/x", { from: "file", file: "d/x", base64: "eA==" }],
  ]);
});

test("a tmpfs in the short form is a mount with its size and mode", async () => {
  const { application } = await readIt(service("tmpfs: ['/run', '/tmp:size=64m,mode=1777']"));
  expect(application?.services[0]?.mounts).toEqual([
    { type: "tmpfs", target: "/run", readOnly: false, at: at(4) },
    { type: "tmpfs", target: "/tmp", readOnly: false, at: at(4), sizeBytes: 64 * 1024 ** 2, mode: 0o1777 },
  ]);
});

test("content may be text with a secret variable, or the variable itself", async () => {
  const { files } = file(
    "services: {a: {image: a, secrets: [s], configs: [c]}}\nsecrets: {s: {environment: S}}\nconfigs: {c: {content: 'key=$S'}}",
  );
  const { application } = await inFolder(files, (folder) =>
    readCompose({ name: "shop", folder, files: ["compose.yaml"], variables: { S: { kind: "secret" } } }),
  );
  const secret = { variable: "S" };
  expect(application?.secrets).toMatchObject([
    { name: "shop_s", content: { from: "text", text: { parts: [secret] } } },
  ]);
  expect(application?.configs).toMatchObject([
    { name: "shop_c", content: { from: "text", text: { parts: ["key=", secret] } } },
  ]);
});

test("an image may be built", async () => {
  const dockerfile = "ARG A=0\nFROM node:$A AS one\nFROM scratch AS prod\nCOPY --from=swarm-farm/base /a /b\n";
  const { application } = await readIt(
    file(
      "services: {a: {build: {context: web, dockerfile: Containerfile, target: prod, args: {A: 1, B: }}}, b: {build: .}}",
      { "web/Containerfile": dockerfile, Dockerfile: "FROM nginx:1.29\n" },
    ),
  );
  expect(application?.services.map(({ image, build }) => [image, build])).toEqual([
    [
      "",
      {
        folder: expect.any(String),
        context: "web",
        dockerfile: "web/Containerfile",
        target: "prod",
        args: { A: "1" },
        bases: [
          { image: "node:1", at: at(2, "web/Containerfile") },
          { image: "swarm-farm/base", at: at(4, "web/Containerfile") },
        ],
        at: at(1),
      },
    ],
    [
      "",
      {
        folder: expect.any(String),
        context: ".",
        dockerfile: "Dockerfile",
        args: {},
        bases: [{ image: "nginx:1.29", at: at(1, "Dockerfile") }],
        at: at(1),
      },
    ],
  ]);
});

test("plain Compose's limits and scale are those of deploy, which wins", async () => {
  const { application } = await readIt(
    file(
      "services: {a: {image: a, mem_limit: 64m, mem_reservation: 32m, cpus: 0.5, scale: 3}, b: {image: b, scale: 3, deploy: {replicas: 1}}}",
    ),
  );
  expect(application?.services).toMatchObject([
    {
      mode: { kind: "replicated", replicas: 3 },
      resources: { limits: { cpus: 0.5, memoryBytes: 64 * 1024 ** 2 }, reservations: { memoryBytes: 32 * 1024 ** 2 } },
    },
    { mode: { kind: "replicated", replicas: 1 } },
  ]);
});

test("lists the values that the configuration must provide, with their positions", async () => {
  const { needs } = await readIt({
    files: file(
      [
        "services:",
        "  a:",
        "    image: a:${TAG}${TAG:-1}",
        "    environment: {X: , Y: '${Y:-y}'}",
        "    networks: [edge]",
        "    volumes: ['/srv:/srv', 'data:/data']",
        "    secrets: [key]",
        "    deploy: {placement: {constraints: [node.labels.db==true], preferences: [{spread: node.labels.zone}]}}",
        "networks: {edge: {external: true}, unused: {external: true}}",
        "volumes: {data: {external: true, name: real}}",
        "secrets: {key: {external: true}}",
      ].join("\n"),
    ).files,
    variables: { TAG: "1" },
  });
  expect(needs).toEqual({
    folders: [],
    variables: [
      { name: "TAG", at: at(3), set: true, defaulted: false },
      { name: "X", at: at(2), set: false, defaulted: true },
      { name: "Y", at: at(4), set: false, defaulted: true },
    ],
    networks: [{ kind: "external", key: "edge", name: "edge", at: at(9) }],
    volumes: [{ kind: "external", key: "data", name: "real", at: at(10) }],
    configs: [],
    secrets: [{ kind: "external", key: "key", name: "key", at: at(11) }],
    hostPaths: [{ path: "/srv", at: at(6) }],
    nodeLabels: [
      { label: "db", at: at(8) },
      { label: "zone", at: at(2) },
    ],
  });
});

test("files that are not the first may lie beside it alone, and merge into it", async () => {
  const files = {
    "app/compose.yaml": "services: {a: {image: a, env_file: a.env}}",
    "app/over.yaml": "services: {a: {image: b}}",
    "app/a.env": "A=1",
  };
  const result = await inFolder(files, (folder) =>
    readCompose({ name: "shop", folder, files: ["app/compose.yaml", "app/over.yaml"] }),
  );
  expect(result.application?.services).toMatchObject([
    { image: "b", environment: [{ name: "A", value: "1" }], at: at(1, "app/over.yaml") },
  ]);
});

test("every key is a finding: the report of a file is complete", async () => {
  const { findings } = await readIt(service("hostname: a\ndeploy: {replicas: 2}"));
  expect(findings.map(({ line, path, outcome }) => [line, path, outcome])).toEqual([
    [1, "services", "honoured"],
    [3, "services.web.image", "honoured"],
    [4, "services.web.hostname", "honoured"],
    [5, "services.web.deploy", "honoured"],
    [5, "services.web.deploy.replicas", "honoured"],
  ]);
});
