/**
 * Writes docs/configuration.md and docs/configuration.schema.json from the schema; with `--check` it only says whether
 * they are up to date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { surface } from "../stacks/config";
import { stacks } from "../stacks/index";

const docs = join(__dirname, "..", "docs");

/** As much of JSON Schema as ours uses. */
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
  override: ({ jsonSchema }) => delete jsonSchema.formerly,
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

Everything stands in \`Pulumi.<stack>.yaml\`, each key behind \`swarm-farm:\`. Unknown keys are refused, and all problems
are told at once before anything is touched. \`docs/configuration.schema.json\` is the same for editors.

| key | value | default | meaning |
| --- | --- | --- | --- |
${rows("", schema, true).join("\n")}

## Routes

Names for \`loadbalancer.routes\`, and what is so of each unless that key is set.

| route | stack | path | login |
| --- | --- | --- | --- |
${routeRows().join("\n")}

## Rules between keys

- The number of managers is 1, 3, 5 or 7: a swarm keeps its majority with these.
- Every node's address lies in \`network.cidr\` and is its own, and no host's gateway. A node whose name has no
  number needs an \`address\`.
- One host may leave \`gateway\` out; the others have one each, inside of \`network.cidr\`.
- \`network.cidr\` overlaps no network of the host and none that Docker uses inside the nodes
  (10.0.0.0/16, 172.17.0.0/16, 172.18.0.0/16).
- The nodes' memory together fits the host's.
- Hosts that run nodes of one farm have an \`address\` each, outside of \`network.cidr\`, and are reached locally or by
  ssh; 10 at the most.
- \`storageDriver: btrfs\` goes with the farm's own image.
- What a task reserves, some node has.
`;

const files = { "configuration.md": page, "configuration.schema.json": `${JSON.stringify(schema, undefined, 2)}\n` };
for (const [name, content] of Object.entries(files)) {
  const path = join(docs, name);
  if (!process.argv.includes("--check")) writeFileSync(path, content);
  else if (readFileSync(path, "utf8") !== content) {
    console.error(`docs/${name} is not what the schema says: run npm run docs`);
    process.exitCode = 1;
  }
}
