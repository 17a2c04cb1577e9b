/**
 * Writes docs/configuration.md and docs/configuration.schema.json from the schema, and docs/compose.md from the table of
 * compose keys; with `--check` it only reports whether they are up to date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { surface } from "../stacks/config";
import { stacks } from "../stacks/index";
import { composePage } from "./compose-page";

const docs = join(__dirname, "..", "docs");

/** The part of JSON Schema that the configuration uses. */
interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const schema = z.toJSONSchema(surface.schema, {
  io: "input",
  unrepresentable: "any",
  // Editors know the keys of JSON Schema alone.
  override: ({ jsonSchema }) => {
    delete jsonSchema.formerly;
    delete jsonSchema.credential;
  },
}) as JsonSchema;

/** One line for every key, its path first: `nodes.<name>.role`. */
function rows(path: string, node: JsonSchema, required: boolean): string[] {
  const own = path === "" ? [] : [row(path, node, required)];
  const properties = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    rows(path === "" ? key : `${path}.${key}`, child, node.required?.includes(key) ?? false),
  );
  const entries =
    typeof node.additionalProperties === "object" && node.additionalProperties.properties
      ? rows(`${path}.<name>`, node.additionalProperties, false)
      : [];
  const variants = (node.oneOf ?? []).flatMap((variant) => rows(path, variant, required).slice(1));
  return [...own, ...properties, ...entries, ...variants];
}

function row(path: string, node: JsonSchema, required: boolean): string {
  const cells = [
    `\`${path}\``,
    typeOf(node),
    node.default === undefined ? (required ? "required" : "") : `\`${JSON.stringify(node.default)}\``,
    node.description ?? "",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function typeOf(node: JsonSchema): string {
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (node.oneOf || node.properties || node.additionalProperties) return "map";
  if (node.anyOf) return node.anyOf.map(typeOf).join(", ");
  if (node.type === "integer" || node.type === "number") return `${String(node.minimum)} to ${String(node.maximum)}`;
  if (node.type === "boolean") return "`true`, `false`";
  if (node.type === "array") return "list";
  return "text";
}

/** One line for every route that a stack publishes. */
function routeRows(): string[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.routes ?? {}).map(
      ([name, { path, login = false }]) =>
        `| \`${name}\` | \`${stack.name}\` | \`${path}\` | ${login ? "yes" : "no"} |`,
    ),
  );
}

const page = `# Configuration

Generated from \`infra/config\` and the schemas of \`stacks/\` by \`npm run docs\`; do not edit.

The configuration is in \`Pulumi.<stack>.yaml\`, each key with the prefix \`swarm-farm:\`. Unknown keys are refused, and all
problems are reported at once before anything is touched. \`docs/configuration.schema.json\` is a JSON schema for editors.

| key | value | default | meaning |
| --- | --- | --- | --- |
${rows("", schema, true).join("\n")}

## Routes

Names for \`loadbalancer.routes\`, with the defaults of each if that key is not set.

| route | stack | path | login |
| --- | --- | --- | --- |
${routeRows().join("\n")}

## Rules between keys

- The number of managers is 1, 3, 5 or 7: an even number tolerates no more losses than one manager less.
- Every node's address is unique, in \`network.cidr\`, and no host's gateway. A node whose name has no
  number needs an \`address\`.
- One host may omit \`gateway\`; the others need one each, in \`network.cidr\`.
- Each address of \`loadbalancer.vip\` is free: in \`network.cidr\`, no node's and no host's gateway.
- \`network.cidr\` overlaps no network of the host and none that Docker uses inside the nodes
  (10.0.0.0/16, 172.17.0.0/16, 172.18.0.0/16).
- The host has enough memory for all nodes together.
- Hosts that run nodes of one farm have an \`address\` each, outside \`network.cidr\`, and a \`uri\` that is local or uses
  ssh; at most 10 hosts.
- \`storageDriver: btrfs\` needs the farm's own image.
- At least one node can satisfy the reservation of each task.
`;

const files = {
  "configuration.md": page,
  "configuration.schema.json": `${JSON.stringify(schema, undefined, 2)}\n`,
  "compose.md": composePage,
};
for (const [name, content] of Object.entries(files)) {
  const path = join(docs, name);
  if (!process.argv.includes("--check")) writeFileSync(path, content);
  else if (readFileSync(path, "utf8") !== content) {
    console.error(`docs/${name} is not what the schema says: run npm run docs`);
    process.exitCode = 1;
  }
}
