import { withStacks } from "../support/configs";
import { find, type Registered } from "../support/mocks";
import { runProgram } from "../support/program";

/** Where examples/lamp differs from stacks/lamp on purpose, besides names and the labels of a stack: typed, then compose. */
const intended = {
  nginx: {
    // The typed stack runs images that lack busybox too.
    "taskSpec.containerSpec.healthcheck.tests": [
      expect.arrayContaining([
        "sh",
        expect.stringContaining("exec busybox wget -q -O /dev/null http://127.0.0.1:8080"),
      ]),
      ["CMD", "busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"],
    ],
    // Docker gives a service of a stack its key as an alias.
    "taskSpec.networksAdvanceds.web.aliases": [undefined, ["nginx"]],
  },
  php: {
    "taskSpec.containerSpec.healthcheck.tests": [
      expect.arrayContaining(["sh", expect.stringContaining("exec php-fpm-ping")]),
      ["CMD", "php-fpm-ping"],
    ],
    "taskSpec.networksAdvanceds.data.aliases": [undefined, ["php"]],
  },
  mysql: {},
} as const;

/** Values that the provider or Docker treats as unset. */
const unsaid = new Set(["[]", "{}", "false", "0", '"0s"', '"0.0"', "null"]);

/** Each value by its path; named items of a list by their name, and what only names a stack is left out. */
function fields(value: unknown, path: string, all: readonly Registered[]): [string, unknown][] {
  if (value === undefined || unsaid.has(JSON.stringify(value))) return [];
  if (Array.isArray(value)) {
    const named = value.map((item: unknown) => nameOf(item, all));
    if (named.some((name) => name === undefined)) return [[path, value]];
    return value.flatMap((item: unknown, i) => fields(item, `${path}.${named[i] ?? ""}`, all));
  }
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inside]): [string, unknown][] => {
    if (/^(label|configName|secretName|secretId)$/.test(key) || (path === "" && key === "name")) return [];
    if (key === "configId") return [[`${path}.data`, find(all, String(inside).replace(/-id$/, "")).inputs.data]];
    if (key === "id") return [[`${path}.options`, networkOf(String(inside), all)]];
    if (key === "source") return [[`${path}.source`, String(inside).replace(/^example_/, "")]];
    return fields(inside, path === "" ? key : `${path}.${key}`, all);
  });
}

/** The key of an item in a list whose order says nothing; undefined in other lists. */
function nameOf(item: unknown, all: readonly Registered[]): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const { fileName, target, label, id } = item as Readonly<Record<string, string | undefined>>;
  if (id !== undefined) return /-(web|data)-network/.exec(find(all, id.replace(/-id$/, "")).name)?.[1];
  return fileName ?? target ?? label;
}

function networkOf(id: string, all: readonly Registered[]): unknown {
  const { driver, internal = false } = find(all, id.replace(/-id$/, "")).inputs;
  return { driver, internal };
}

/** The paths whose values differ, with both values. */
function compare(typed: Registered, compose: Registered, all: readonly Registered[]) {
  const [a, b] = [typed, compose].map(({ inputs }) => new Map(fields(inputs, "", all))) as [
    Map<string, unknown>,
    Map<string, unknown>,
  ];
  const paths = [...new Set([...a.keys(), ...b.keys()])].filter((path) => !path.includes("com.docker.stack."));
  const differing = paths.filter((path) => JSON.stringify(a.get(path)) !== JSON.stringify(b.get(path)));
  return {
    same: paths.length - differing.length,
    differing: differing.map((path) => [path, [a.get(path), b.get(path)]]),
  };
}

test("examples/lamp gives the services of stacks/lamp, apart from the intended differences", async () => {
  // Two stacks cannot publish one port, and the example's tasks keep sessions themselves; all else is as the files say.
  const example = { file: "examples/lamp/compose.yaml", variables: { PASSWORD: "hush", PORT: 8085 } };
  const lamp = { port: 8084, sessions: { store: "task" } };
  const { resources } = await runProgram(withStacks({ lamp, stacks: { example } }));
  for (const [service, differences] of Object.entries(intended)) {
    const typed = find(resources, `lamp-${service}-service`);
    const compose = find(resources, `stack-example-${service}-service`);
    const { same, differing } = compare(typed, compose, resources);
    expect(Object.fromEntries(differing)).toEqual({
      ...differences,
      ...(service === "nginx" ? { "endpointSpec.ports": [[port(8084)], [port(8085)]] } : {}),
    });
    expect(same).toBeGreaterThan(25);
  }
});

function port(publishedPort: number): unknown {
  return expect.objectContaining({ publishedPort, targetPort: 8080, publishMode: "ingress" });
}
