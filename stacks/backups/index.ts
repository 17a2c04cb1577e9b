import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract";
import { clearProblems } from "../contract/credentials";
import { backupAlerts } from "./alerts";
import { rules } from "./rules";
import { Backups } from "./schema";

const load = createRequire(__filename);

/** Backups of volumes and databases on a schedule. */
export const backups = defineStack({
  name: "backups",
  schema: Backups.optional(),
  images: recipesIn(__dirname, "backups"),
  plan: ({ dumps }) => ({
    images: ["backups"],
    dumps: Object.entries(dumps).map(([name, dump]) => ({ name, ...dump })),
    alerts: backupAlerts,
    nodeMetrics: true,
  }),
  rules,
  read: ({ to, password }, _folder, secrets) => ({
    files: undefined,
    problems: [
      ...("s3" in to ? clearProblems("backups.to.s3.secretKey", secrets) : []),
      ...("sftp" in to ? clearProblems("backups.to.sftp.privateKey", secrets) : []),
      ...(password === undefined ? [] : clearProblems("backups.password", secrets)),
    ],
  }),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
