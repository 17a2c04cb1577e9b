import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from "../contract";
import { volumeCopies, type BackupsConfig } from "./schema";

/** Two dumps or volumes of one name. */
export function rules(config: BackupsConfig | undefined, { dumps }: Pick<RuleContext, "dumps">): readonly Problem[] {
  if (!config) return [];
  const names = dumps.map(({ name }) => name);
  return [
    ...repeated(names).map((name) => ({
      path: `backups.dumps.${name}`,
      message: `is the name of another stack's dump; choose another, e.g. ${name}_2`,
    })),
    ...repeated(volumeCopies(config).map(({ name }) => name)).map((name) => ({
      path: "backups.volumes",
      message: `names '${name}' with two ways to copy it; keep one`,
    })),
  ];
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
