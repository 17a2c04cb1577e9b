import { join } from "node:path";
import { corpusOf } from "../../../bench/compose-files/files";
import { giveFiles, problemsHere, variablesOf } from "../../../bench/compose-files/here";
import { valuesOf } from "../../../bench/compose-files/values";
import { type ComposeFiles, inFolder } from "../../support/compose/stack-deploy";

const base = "services: {web: {image: a, networks: [n]}}\nnetworks: {n: }\n";

/** The files of a repository that are deployed together, and the parts without a base. */
const corpus = (files: ComposeFiles) =>
  inFolder(files, (folder) => {
    const { files: found, parts } = corpusOf(folder);
    return {
      files: found.map(({ files: together, kind }) => `${kind} ${together.join(" + ")}`),
      parts: parts.map((part) => part.slice(folder.length + 1)),
    };
  });

test.each<[string, ComposeFiles, readonly string[], readonly string[]]>([
  ["a whole file", { "r/compose.yaml": base }, ["plain compose.yaml"], []],
  ["one for Swarm", { "r/stack.yml": "services: {a: {image: a, deploy: {replicas: 2}}}" }, ["swarm stack.yml"], []],
  ["no compose file", { "r/a.yml": "services: [a]", "r/b.yml": "a: [", "r/c.txt": base }, [], []],
  [
    "an override, with its base",
    { "r/compose.yaml": base, "r/compose.override.yaml": "services: {b: {image: b, deploy: {}}}" },
    ["swarm compose.yaml + compose.override.yaml", "plain compose.yaml"],
    [],
  ],
  [
    "services without an image, with the base of the folder around",
    { "r/compose.yml": base, "r/prod/a.yml": "services: {web: {ports: [80]}, b: {image: b}}" },
    ["plain compose.yml", "plain compose.yml + prod/a.yml"],
    [],
  ],
  [
    "a network of the base",
    { "r/compose.yml": base, "r/x/a.yml": "services: {b: {image: b, networks: {n: }}}" },
    ["plain compose.yml", "plain compose.yml + x/a.yml"],
    [],
  ],
  [
    "a network that no file has, as it is",
    { "r/compose.yml": base, "r/a.yml": "services: {b: {image: b, networks: [other]}}" },
    ["plain a.yml", "plain compose.yml"],
    [],
  ],
  ["a part without a base, left out", { "r/a.yml": "services: {web: {ports: [80]}, b: {image: b}}" }, [], ["r/a.yml"]],
  ["the same twice, once", { "r/compose.yml": base, "s/compose.yml": base }, ["plain compose.yml"], []],
])("%s", async (_name, files, together, parts) => {
  expect(await corpus(files)).toEqual({ files: together, parts });
});

test("eight of a kind and repository", async () => {
  const many = Array.from({ length: 9 }, (_, i) => [`r/c${String(i)}.yml`, `services: {a: {image: a:${String(i)}}}`]);
  expect((await corpus(Object.fromEntries(many) as ComposeFiles)).files).toHaveLength(8);
});

test.each([
  ["image: '$V'", "registry.example/team/app:1.0"],
  ["image: '${V}/web:1'", "registry.example"],
  ["image: 'web:${V}'", "1.0"],
  ["image: 'a/${V}:1'", "app"],
  ["volumes: ['${V}:/data']", "/srv/given-20001"],
  ["volumes: ['${V}/a:/data']", "/srv/given-20001"],
  ["volumes: ['./${V}:/data']", "given-20001"],
  ["volumes: ['/a:/data:${V}']", "rw"],
  ["restart: $V", "unless-stopped"],
  ["ports: ['${V}:80']", "20001"],
  ["healthcheck: {interval: $V}", "10s"],
  ["deploy: {resources: {limits: {memory: $V}}}", "256M"],
  ["deploy: {resources: {limits: {memory: '${V}M'}}}", "256"],
  ["environment: {A: $V}\n    restart: $V", "unless-stopped"],
  ["environment: {A: $V}", "20001"],
])("%s gets a value for its place", async (line, value) => {
  await inFolder({ "r/compose.yaml": `services:\n  a:\n    ${line}\n` }, (folder) => {
    expect(valuesOf({ repository: join(folder, "r"), files: ["compose.yaml"] }, ["V"])).toEqual({ V: value });
  });
});

test("the repository's own values come first, those that people fill in do not", async () => {
  const files = {
    "r/compose.yaml": "services: {a: {image: 'a:$TAG', hostname: '$HOST$PWD'}}",
    "r/.env.example": "TAG='2.1' # new\nHOST=\n",
  };
  await inFolder(files, (folder) => {
    expect(variablesOf({ repository: join(folder, "r"), files: ["compose.yaml"] })).toEqual({
      TAG: "2.1",
      HOST: "20001",
      PWD: ".",
    });
  });
});

test("what people must give is given: files, and in the end folders", async () => {
  const text = `services:
  a:
    image: a
    env_file: a.env
    volumes: ['./a.conf:/a.conf', './none:/none', './page:/page', './big:/big']
`;
  const many = Array.from({ length: 101 }, (_, i) => [`r/big/${String(i)}`, "x"]);
  const files = { "r/compose.yaml": text, "r/page/index.html": "x", ...Object.fromEntries(many) };
  await inFolder(files as ComposeFiles, (folder) => {
    const one = { repository: join(folder, "r"), files: ["compose.yaml"] as const };
    giveFiles(one, {});
    expect(problemsHere(one, {}, "none")).toHaveLength(3);
    expect(problemsHere(one, {}, "as added")).toHaveLength(2);
    expect(problemsHere(one, {}, "all")).toEqual([]);
  });
});
