import * as pulumi from "@pulumi/pulumi";
import { isSecret, type Text as ComposeText, type VariableValue } from "../../compose";
import type { Text } from "../service/spec/text";
import { mapValues } from "./spec/map-values";

/** Values of a compose file's variables. One that is an output is put in when it is known; secret ones stay secret. */
export type ComposeVariables = Readonly<Record<string, Text>>;

/** Names of variables, for the reader: an output has no value yet. */
export function readableVariables(variables: ComposeVariables): Readonly<Record<string, VariableValue>> {
  return mapValues(variables, (value): VariableValue =>
    typeof value === "string" ? { kind: "plain", value } : { kind: "secret" },
  );
}

/** A text with the values of its variables. */
export function textWith(variables: ComposeVariables, text: ComposeText): Text {
  if (!isSecret(text)) return text;
  return pulumi.concat(
    ...text.parts.map((part) => (typeof part === "string" ? part : (variables[part.variable] ?? ""))),
  );
}
