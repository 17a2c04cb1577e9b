import type { Fields, Form } from "./schema";
import { isList, type Json } from "../../exported";

/** An object's values with Terraform's names. @throws Error for a name that Terraform does not have */
export function configuredFields(values: Readonly<Record<string, Json>>, fields: Fields): Record<string, Json> {
  const entries = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const [name, form] = fieldOf(key, fields);
      return [name, configured(value, form)];
    }),
  );
}

/**
 * A value with Terraform's names. Pulumi has an object for a list that never has more than one, and JSON for the lists of a
 * provider's configuration.
 */
function configured(value: Json, form: Form): Json {
  if (form.kind === "plain") return literal(value);
  if (typeof value === "string") return configured(JSON.parse(value) as Json, form);
  if (form.kind === "list") return (isList(value) ? value : [value]).map((each) => configured(each, form.of));
  if (value === null || typeof value !== "object" || isList(value))
    throw new Error(`${JSON.stringify(value)} is no object`);
  if (form.kind === "object") return configuredFields(value, form.fields);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [escaped(key), configured(each, form.of)]));
}

/** A value in which Terraform finds no expression. */
export function literal(value: Json): Json {
  if (typeof value === "string") return escaped(value);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map(literal);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [escaped(key), literal(each)]));
}

function escaped(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, "$&$&");
}

function fieldOf(key: string, fields: Fields): readonly [string, Form] {
  const found = [...fields].find(([name]) => namesInPulumi(name).includes(key));
  if (found) return found;
  throw new Error(`Terraform has no field for Pulumi's '${key}', only ${[...fields.keys()].join(", ")}`);
}

/** The names that Pulumi gives a field: `cap_add` is capAdd, or capAdds where it is a list. */
function namesInPulumi(name: string): readonly string[] {
  const camel = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [camel, `${camel}s`, `${camel}es`, camel.replace(/y$/, "ies")];
}
