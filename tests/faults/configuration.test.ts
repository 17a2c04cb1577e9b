import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync } from "node:fs";
import { join } from "node:path";
import { addresses, endedWell, repository, TestFarm } from "../live/farm";
import { deriveImage } from "../live/parts/derived-image";
import { adminImage, images } from "./configuration/services";
import type { Files } from "./configuration/types";
import { configurations, start, steps } from "./configuration/walk";

const minute = 60_000;
jest.setTimeout(30 * minute);

/** A task that is to run. */
interface Task {
  readonly service: string;
  readonly id: string;
  readonly node: string;
}

/** Every key of the configuration is changed on one farm; tests/unit/config/walk.test.ts finds keys that are missing. */
describe("a farm whose whole configuration is changed", () => {
  const farm = new TestFarm("test-walk");
  const own = join(farm.home, "own");
  const files: Files = { cert: `${own}.crt`, key: `${own}.key`, content: farm.content };

  const tasks = async (): Promise<Task[]> => {
    const services = (await farm.docker("service", "ls", "--format", "{{.Name}}")).split("\n");
    const format = "{{.Name}} {{.ID}} {{.Node}}";
    const running = ["--filter", "desired-state=running", "--no-trunc", "--format", format];
    const lines = (await farm.docker("service", "ps", ...services, ...running)).split("\n");
    return lines.map((line) => {
      const [name = "", id = "", node = ""] = line.split(" ");
      // A task's name is its service's, and a number or a node's id.
      return { service: name.slice(0, name.lastIndexOf(".")), id, node };
    });
  };

  beforeAll(async () => {
    cpSync(join(repository, "stacks", "lamp", "content"), farm.content, { recursive: true });
    appendFileSync(join(farm.content, "site", "style.css"), "\n.walked { color: red }\n");
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"],
      ...["-subj", "/CN=shop.example", "-addext", `subjectAltName=DNS:shop.example,IP:${addresses.manager1}`],
      ...["-keyout", files.key, "-out", files.cert],
    ]);
    farm.configureAs({ ...start });
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
    for (const [name, instructions] of Object.entries(images)) await deriveImage(farm, name, "walk", instructions);
    await deriveImage(farm, "php", "walk", adminImage, "admin");
  });

  afterAll(() => farm.end());

  const walk = configurations(files);
  test.each(steps.map((step, i) => ({ ...step, config: walk[i] ?? {} })))("$title", async (step) => {
    const { args = [], restarts, restartsOn = [] } = step;
    const before = await tasks();
    farm.configureAs({ ...step.config });
    await farm.ok(["up", ...args], { shown: true });
    const now = new Set((await tasks()).map(({ id }) => id));
    const stopped = before.filter(({ id }) => !now.has(id));
    expect(stopped.filter(({ service, node }) => !restarts.includes(service) && !restartsOn.includes(node))).toEqual(
      [],
    );

    await step.effect(farm, files);
    const preview = "pulumi preview --expect-no-changes --non-interactive";
    endedWell(preview, await farm.withEnv(preview));
  });
});
