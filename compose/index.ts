export type * from "./application";
export { describe, type Finding, type Outcome } from "./findings";
export type * from "./mount";
export { place, type Position } from "./position";
export { readCompose } from "./read";
export type * from "./service";
export { isSecret, secretsOf, type SecretText, type SecretVariable, type Text } from "./text";
