import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "../../stacks/contract";
import { repository } from "./program";

/** The text of `stacks/shop/index.ts`: one HTTP service with an image and a route of its own. */
const contract = `
import { createRequire } from "node:module";
import { z } from "${repository}/node_modules/zod";
import { defineStack, recipesIn } from "${repository}/stacks/contract";

const load = createRequire(__filename);

export const shop = defineStack({
  name: "shop",
  schema: z.strictObject({ port: z.int().default(8090), greeting: z.string().default("welcome") }).optional(),
  images: recipesIn(__dirname, "shop"),
  routes: { shop: { path: "/shop/" } },
  rotations: { voucher: "the shop's vouchers" },
  plan: ({ port }) => ({
    images: ["shop"],
    ports: [{ service: "shop", port, key: "shop.port" }],
    targets: { shop: { kind: "http", port } },
  }),
  deploy: (context) => load("./deploy").deploy(context),
});
`;

const deployment = `
import { answersHttp } from "${repository}/infra/service/health";
import { SwarmService } from "${repository}/infra/service/service";
import { meshUrl } from "${repository}/stacks/contract/urls";

export function deploy({ name, config, swarm, plan, plans, image, portsFree }) {
  const service = new SwarmService(name, {
    swarm,
    service: name,
    after: portsFree,
    spec: {
      image: image("shop"),
      mode: { replicas: 1 },
      limits: { cpus: 0.5, memoryMiB: 32 },
      reservations: { cpus: 0.05, memoryMiB: 8 },
      env: { GREETING: config.greeting },
      ports: [{ target: 8080, published: config.port, mode: "ingress" }],
      health: answersHttp(8080, "/"),
      update: { order: "start-first" },
    },
  });
  return { services: [service], urls: plans.edge ? {} : { shop: meshUrl({ plan, plans }, config.port) } };
}
`;

/** Makes the folder of a new stack, with the recipe of its image. */
export function shopFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stack-"));
  mkdirSync(join(folder, "images", "shop"), { recursive: true });
  writeFileSync(join(folder, "images", "shop", "Containerfile"), "FROM localhost/swarm-farm/base\n");
  writeFileSync(join(folder, "index.ts"), contract);
  writeFileSync(join(folder, "deploy.ts"), deployment);
  return folder;
}

/** The stack of such a folder. */
export function shopOf(folder: string): Stack {
  return jest.requireActual<{ shop: Stack }>(join(folder, "index")).shop;
}
