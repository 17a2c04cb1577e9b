import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, changedResources, containerOf, origin, repository, smallConfig, TestFarm } from "../live/farm";
import { Load } from "../live/under-load";
import { until } from "../live/until";

const minute = 60_000;

const vote = `http://${addresses.worker1}:8090/`;
const counts = `http://${addresses.worker1}:8091/counts`;
const counter = `wss://${addresses.manager1}/counter/`;

const voting = (OPTIONS: string) => ({
  voting: { file: "examples/voting/compose.yaml", variables: { PASSWORD: "of-the-test", OPTIONS } },
});
const others = {
  counter: { file: "examples/websocket/compose.yaml", routes: { counter: { service: "counter", port: 8080 } } },
  uploads: { file: "examples/uploads/compose.yaml", routes: { uploads: { service: "web", port: 8080 } } },
};
const cron = { cron: { file: "examples/cron/compose.yaml" } };

jest.setTimeout(30 * minute);

/** The applications of `examples/` whose images are built, together: more than fits into every run. */
describe("a farm that runs people's compose files", () => {
  const farm = new TestFarm("test-applications");
  const configure = (stacks: object) => {
    const nodes = { manager1: { role: "manager" }, worker1: { role: "worker", labels: { db: "true" } } };
    farm.configureAs({ ...smallConfig(nodes), loadbalancer: {}, jobs: {}, stacks });
  };
  const votes = async () => JSON.parse(await farm.curl(["-f", counts])) as Readonly<Record<string, number>>;

  afterAll(() => farm.end());

  test("compose files with images to build become services that work together", async () => {
    configure({ ...voting("cats,dogs"), ...others, ...cron });
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
    expect(await farm.docker("stack", "ls", "--format", "{{.Name}} {{.Services}}")).toBe(
      "counter 1\ncron 1\nuploads 2\nvoting 5",
    );
    expect(await votes()).toEqual({ cats: 0, dogs: 0 });
    expect(await farm.curl(["-f", "-d", "option=dogs", vote])).toContain('<b id="option">dogs</b>');
    // Through the queue and the worker into the database.
    expect(await until("the vote in the result", async () => (await votes()).dogs === 1 && votes())).toEqual({
      cats: 0,
      dogs: 1,
    });
  });

  test("pages stay connected through the load balancer, and each receives the others' messages", async () => {
    const talk = [process.execPath, "--import", "tsx", join(repository, "tests", "live", "talk.ts"), counter];
    const talked = await farm.ok(["run", "--", "env", `NODE_EXTRA_CA_CERTS=${farm.authority}`, ...talk]);
    expect(talked.stdout).toBe("0 1\n");
  });

  test("a file that was uploaded is there after its task was killed, as a download", async () => {
    const content = "of the test\n".repeat(100_000);
    const file = join(farm.home, "page.html");
    writeFileSync(file, content);
    const page = `${origin}/uploads/`;
    await farm.curl(["-f", "-F", `file=@${file}`, page]);
    await farm.ok(["ssh", "worker1", `docker kill ${containerOf("uploads_php")}`]);
    const link = await until("the page of the next task", async () => {
      const [, found] = /href="(uploads\/[0-9a-f]{8}-page\.html)"/.exec(await farm.curl(["-f", page])) ?? [];
      return found ?? false;
    });
    const downloaded = await farm.curl(["-f", "-i", `${page}${link}`]);
    expect(downloaded).toMatch(/^content-disposition: attachment\r$/im);
    expect(downloaded.endsWith(`\r\n\r\n${content}`)).toBe(true);
  });

  test("a job runs on its schedule", async () => {
    const log = () => farm.docker("service", "logs", "--raw", "cron_cron");
    await until("the job's line in its log", async () => /^\S+Z load \d/m.test(await log()), 3 * minute);
  });

  test("one changed value is one rolling update without a failed request, and a removed stack leaves the others", async () => {
    configure({ ...voting("cats,dogs,birds"), ...others });
    const load = Load.start(farm, vote, { min: 50, max: 5000 });
    const shown = (await farm.change()).output;
    const { sent, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(50);
    const changed = changedResources(shown).filter((name) => !/^(stack-)?cron/.test(name));
    expect(changed).toEqual([
      // Its list of images in use.
      "manager1-cleanup",
      "stack-voting-result-converged",
      "stack-voting-result-service",
      "stack-voting-vote-converged",
      "stack-voting-vote-service",
    ]);
    expect(await votes()).toEqual({ cats: 0, dogs: 1, birds: 0 });
    expect(await farm.docker("stack", "ls", "--format", "{{.Name}} {{.Services}}")).toBe(
      "counter 1\nuploads 2\nvoting 5",
    );
  });
});
