import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { stacks } from "../../stacks/index";
import { expectNone } from "../support/expect-none";
import { repository } from "../support/program";
import { sources } from "../support/sources";

const program = sources("index.ts", "compose", "infra", "stacks");
const everything = [
  ...program,
  ...sources("tests"),
  ...["cli", "scripts", "bench"]
    .filter((folder) => existsSync(join(repository, folder)))
    .flatMap((folder) => sources(folder)),
];

/** Layers from the lowest: a file may import from its own layer and lower ones. */
const layers: readonly (readonly string[])[] = [
  ["compose", "infra/ipv4", "infra/config", "infra/net", "infra/component"],
  ["infra/images", "infra/libvirt", "infra/remote", "infra/keys"],
  ["infra/swarm"],
  ["infra/service"],
  ["infra/compose"],
  ["infra/registry", "infra/cleanup"],
  ["stacks", "infra/outputs.ts", "infra/index.ts"],
  ["index.ts"],
];

function layerOf(path: string): number {
  return layers.findIndex((layer) => layer.some((folder) => path === folder || path.startsWith(`${folder}/`)));
}

/** The files of the program that a file imports, from the top of the repository. */
function importsOf({ path, text }: { readonly path: string; readonly text: string }): string[] {
  const relatives = [...text.matchAll(/from "(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return relatives.map((to) => `${normalize(join(dirname(path), to))}.ts`);
}

/** Files that a file imports for more than types. */
function valueImportsOf({ path, text }: { readonly path: string; readonly text: string }): string[] {
  return importsOf({ path, text: text.replaceAll(/^import type [^;]+;/gm, "") });
}

/** A file's code without its comments. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
}

test("the rules look at the program", () => {
  expect(program.length).toBeGreaterThan(25);
  expect(program.flatMap(importsOf).length).toBeGreaterThan(40);
});

test("every file has its layer", () => {
  const unlisted = program.filter(({ path }) => layerOf(path) < 0).map(({ path }) => path);
  expectNone(
    unlisted,
    "Every file belongs to a layer: put it in a folder that has one, or add its folder to `layers` of this test.",
  );
});

test("imports go one way", () => {
  const upward = program.flatMap((file) =>
    importsOf(file)
      .filter((to) => layerOf(to) > layerOf(file.path))
      .map((to) => `${file.path} imports ${to}`),
  );
  expectNone(
    upward,
    `Imports go down only (${layers.map((layer) => layer.join(", ")).join(" < ")}): move what is shared to the lower layer, or pass it in as an argument.`,
  );
});

test("the lowest layer is pure: configuration and addresses create no resource", () => {
  const impure = program
    .filter(({ path }) => layerOf(path) === 0 && path !== "infra/config/load.ts")
    .filter(({ text }) => text.includes('from "@pulumi/'))
    .map(({ path }) => path);
  expectNone(impure, "infra/ipv4, infra/config and infra/net are tested without Pulumi: pass plain values.");
});

test("infra knows no stack", () => {
  // `stacks` is the key of compose files, and a word of Pulumi's; `logs` are also the files of steps.
  const names = stacks
    .filter(({ name }) => name !== "stacks" && name !== "logs")
    .map(({ name }) => `(?<![A-Za-z])${name}|${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`);
  const known = program
    .filter(({ path }) => path.startsWith("infra/"))
    .flatMap((file) => [
      ...importsOf(file)
        .filter((to) => to.startsWith("stacks/"))
        .map((to) => `${file.path} imports ${to}`),
      ...[...codeOf(file.text).matchAll(new RegExp(`[A-Za-z]*(${names.join("|")}|[Ll]oadBalancer)[A-Za-z]*`, "g"))].map(
        ([word]) => `${file.path} has '${word}'`,
      ),
    ]);
  expectNone(
    known,
    "A stack is one folder below stacks/ and one line in stacks/index.ts: collect what you need through its contract (stacks/contract/index.ts).",
  );
});

test("commands read every stack's configuration without Pulumi's SDK, which takes a second to load", () => {
  const reached = new Set<string>(["stacks/config.ts"]);
  for (const path of reached)
    for (const file of program.filter((each) => each.path === path))
      for (const to of valueImportsOf(file)) reached.add(to);
  expect(reached.size).toBeGreaterThan(20);
  const slow = program
    .filter(({ path }) => reached.has(path))
    .filter(({ text }) => /^import (?!type )[^;]*from "@pulumi\//m.test(text))
    .map(({ path }) => path);
  expectNone(slow, "Load it in the stack's deploy.ts, which its index.ts loads only when the stack is deployed.");
});

test("a component's type token has its folder: swarm-farm:<folder>:<Class>", () => {
  const wrong = program.flatMap(({ path, text }) => {
    const classes = [...text.matchAll(/class (\w+) extends pulumi\.ComponentResource/g)].map((match) => match[1] ?? "");
    const folder = dirname(path).split("/").at(-1) ?? "";
    const tokens = [...text.matchAll(/super\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
    const expected = classes.map((name) => `swarm-farm:${folder}:${name}`);
    return tokens.join() === expected.join()
      ? []
      : [`${path} has ${tokens.join(", ") || "none"}, not ${expected.join(", ")}`];
  });
  expectNone(
    wrong,
    "A component's type token has its folder and class, so that the code of a resource in the state can be found.",
  );
});

test("no file is above 250 lines", () => {
  const long = everything.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path} has ${lines}`);
  expectNone(long, "A file has one subject: split it along its nouns.");
});

test("the environment and Pulumi's configuration are read in infra/config/load.ts alone", () => {
  const readers = program
    .filter(
      ({ path, text }) =>
        path !== "infra/config/load.ts" && /process\.env|new pulumi\.Config\b|runtime\.allConfig/.test(text),
    )
    .map(({ path }) => path);
  expectNone(
    readers,
    "Read it in infra/config/load.ts, where it is checked, and pass the value on: the plan then follows from the configuration alone.",
  );
});

test("commands are made by one function for this machine, and one for nodes", () => {
  const makers = program
    .filter(({ text }) => /new command\.(local|remote)\.Command\(/.test(text))
    .map(({ path }) => path)
    .filter((path) => path !== "infra/remote/local-command.ts" && path !== "infra/remote/command.ts");
  expectNone(
    makers,
    "Use localCommand or remoteCommand of infra/remote: they decide logging and the order of a replacement.",
  );
});

test("a component has one signature and ends by registering its outputs", () => {
  const odd = program
    .filter(({ text }) => text.includes("extends pulumi.ComponentResource"))
    .filter(
      ({ text }) =>
        !/constructor\(name: string, args: [^)]+, opts\?: pulumi\.ComponentResourceOptions\) \{/.test(text) ||
        !text.includes("this.registerOutputs("),
    )
    .map(({ path }) => path);
  expectNone(
    odd,
    "constructor(name: string, args: XArgs, opts?: pulumi.ComponentResourceOptions), with this.registerOutputs(...) last.",
  );
});

test("every service of this project has limits, reservations, a health check and an update policy of its own", () => {
  // In a compose file a person says these, or has Docker's defaults.
  const files = program.filter(
    ({ path, text }) => !path.startsWith("infra/compose/") && text.includes("new SwarmService("),
  );
  expect(files.length).toBeGreaterThan(7);
  const count = (text: string, pattern: RegExp) => [...codeOf(text).matchAll(pattern)].length;
  const incomplete = files.flatMap(({ path, text }) =>
    (["limits", "reservations", "health", "update"] as const)
      .filter((key) => count(text, new RegExp(`\\b${key}:`, "g")) < count(text, /new SwarmService\(/g))
      .map((key) => `${path} has a service without ${key}`),
  );
  expectNone(incomplete, "The defaults of ServiceSpec are for other programs: set them in the service's spec.");
});
