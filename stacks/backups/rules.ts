import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from "../contract";
import type { BackupsConfig } from "./schema";

/** Backups without content, and two dumps of one name. */
export function rules(config: BackupsConfig | undefined, { dumps }: Pick<RuleContext, "dumps">): readonly Problem[] {
  if (!config) return [];
  const names = dumps.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  return [
    ...twice.map((name) => ({
      path: `backups.dumps.${name}`,
      message: `is the name of another stack's dump; choose another, e.g. ${name}_2`,
    })),
    ...(!config.readOnly && names.length === 0 && config.volumes.length === 0
      ? [
          {
            path: "backups.volumes",
            message:
              "is empty, and so is backups.dumps: nothing would be backed up; list the names of volumes, e.g. [shop_uploads]",
          },
        ]
      : []),
  ];
}
