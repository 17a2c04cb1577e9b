import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract";
import { storePlacements } from "../contract/store";
import { logAlerts } from "./alerts";
import { Logs } from "./schema";
import { route, services } from "./services";

const load = createRequire(__filename);

/** Logs of all tasks and of the nodes' journals, in one place. */
export const logs = defineStack({
  name: "logs",
  schema: Logs.optional(),
  images: recipesIn(__dirname, "victoria-logs", "journal-upload"),
  routes: { [route]: { path: "/logs/", login: true } },
  plan: ({ node, memoryMiB }) => ({
    images: ["victoria-logs", "journal-upload"],
    targets: { [route]: { kind: "service", service: services.store.name, port: services.store.port } },
    scrape: [services.store, services.tasks].map(({ name, port }) => ({ service: name, port })),
    alerts: logAlerts,
    logStore: {
      service: services.store.name,
      port: services.store.port,
      page: { route, path: "select/vmui/" },
    },
    placements: storePlacements({ service: services.store.name, key: "logs.node", node, memoryMiB }),
  }),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
