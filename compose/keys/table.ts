import { deployKeys } from "./deploy";
import type { Key } from "./key";
import { serviceKeys } from "./service";
import { topLevelKeys } from "./top-level";

/** Every key of compose files, and what happens to it: docs/compose.md is made of it. */
export const composeKeys: readonly Key[] = [...topLevelKeys, ...serviceKeys, ...deployKeys];
