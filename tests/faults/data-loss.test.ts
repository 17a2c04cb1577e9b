import { TestFarm } from "../live/farm";

const minute = 60_000;
jest.setTimeout(60 * minute);

/** A larger disk replaces the one that the database is on. */
describe("a disk with data on it", () => {
  const farm = new TestFarm("test-data-loss");

  beforeAll(async () => {
    farm.configureAsShipped();
    await farm.ok(["up"], { shown: true });
  });

  afterAll(() => farm.end());

  test("is not deleted before the loss is accepted", async () => {
    const uuid = () => farm.virsh("domuuid", `${farm.stack}.worker3`);
    const before = await uuid();
    const tasks = await farm.runningTasks("lamp-mysql", "{{.ID}}");
    farm.configure((config) => config.replace("worker3:\n", "$&      diskGiB: 12\n"));
    const refused = await farm.farm(["up"]);
    expect(refused.status).not.toBe(0);
    expect(refused.output).toMatch(/'worker3'[^]*'mysql', used by service 'lamp-mysql'[^]*--accept-data-loss worker3/);
    expect(await uuid()).toBe(before);
    expect(await farm.runningTasks("lamp-mysql", "{{.ID}}")).toEqual(tasks);
    await farm.ok(["up", "--accept-data-loss", "worker3"], { shown: true });
    expect(await farm.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).toMatch(/^worker3 Ready$/m);
  });
});
