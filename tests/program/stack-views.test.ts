import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { object } from "../support/compose/json";
import { DockerPlugin, hasPlugin } from "../support/compose/plugin";
import { create, registered } from "../support/compose/provider";
import { RecordingApi, type Recorded } from "../support/compose/recording-api";
import { hasDocker } from "../support/compose/stack-deploy";
import { ViewApi } from "../support/compose/view-api";

const namespace = "com.docker.stack.namespace";

const compose = `services:
  web:
    image: nginx:1.29
    networks: [front]
    configs: [page]
    labels: { a: b }
    deploy: { labels: { c: d } }
  db:
    image: mysql:8.4
    secrets: [key]
networks: { front: { attachable: true } }
configs: { page: { content: hello } }
secrets: { key: { content: hidden } }
`;

const hasBoth = hasDocker && hasPlugin;
const withBoth = hasBoth ? test : test.skip;

let recorded: Recorded;
let view: ViewApi;

/** Creates the resources of two stacks by Pulumi's plugin. */
beforeAll(async () => {
  if (!hasBoth) return;
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  const api = await RecordingApi.start();
  const plugin = await DockerPlugin.start(api.host);
  const one = { files: { "compose.yaml": compose } };
  const other = { files: { "compose.yaml": "services: { web: { image: 'nginx:1.29' } }\n" } };
  await create(plugin, [...(await registered(one, "shop")), ...(await registered(other, "blog"))]);
  recorded = api.take();
  await plugin.stop();
  await api.stop();
  view = await ViewApi.start(recorded);
}, 120_000);

afterAll(async () => {
  if (hasBoth) await view.stop();
});

async function docker(...args: readonly string[]): Promise<string[]> {
  const env = { PATH: process.env.PATH ?? "", DOCKER_HOST: view.host };
  const { stdout } = await promisify(execFile)("docker", ["stack", ...args], { env });
  return stdout.trim().split("\n").sort();
}

withBoth("docker's client lists the stacks with their services and tasks", async () => {
  expect(await docker("ls", "--format", "{{.Name}} {{.Services}}")).toEqual(["blog 1", "shop 2"]);
  expect(await docker("services", "shop", "--format", "{{.Name}} {{.Image}} {{.Replicas}}")).toEqual([
    "shop_db mysql:8.4 1/1",
    "shop_web nginx:1.29 1/1",
  ]);
  expect(await docker("ps", "shop", "--format", "{{.Image}} {{.Node}} {{.DesiredState}}")).toEqual([
    "mysql:8.4 worker1 Running",
    "nginx:1.29 worker1 Running",
  ]);
  expect(await docker("ps", "blog", "--no-resolve", "--no-trunc", "--format", "{{.ID}}")).toEqual(["blog_web-task"]);
});

withBoth("docker's client finds all of one stack to remove it, and nothing of another", async () => {
  await docker("rm", "--detach", "shop");
  expect(view.removed.map((path) => path.replace(/-[0-9a-f]{12}$/, "")).sort()).toEqual([
    "/configs/shop_page",
    "/networks/shop_default",
    "/networks/shop_front",
    "/secrets/shop_key",
    "/services/shop_db",
    "/services/shop_web",
  ]);
});

withBoth(
  "everything of a stack has the label by which Portainer groups it, containers and the image as written too",
  () => {
    const specs = Object.values(recorded).flatMap((kind) => [...kind].filter(([name]) => name.startsWith("shop_")));
    expect(specs.map(([name, { Labels }]) => [name, object(Labels)[namespace]])).toEqual(
      specs.map(([name]) => [name, "shop"]),
    );
    const web = recorded.services.get("shop_web") ?? {};
    expect(web.Labels).toMatchObject({ c: "d", "com.docker.stack.image": "nginx:1.29" });
    const { Labels } = object(object(web.TaskTemplate).ContainerSpec);
    expect(Labels).toEqual({ a: "b", [namespace]: "shop" });
  },
);
