export { cleanFolder } from "./assemble/folders";
export type * from "./model/application";
export { describe, type Finding, type Outcome } from "./model/findings";
export type * from "./model/mount";
export { hostNetwork } from "./model/networks";
export { formatPosition, type Position } from "./model/position";
export { readCompose } from "./read";
export type * from "./model/service";
export { isSecret, secretsOf, type SecretText, type SecretVariable, type Text } from "./model/text";
