import { TestFarm } from "../live/farm";
import { greenTests } from "../live/parts/green";
import { hygieneTests } from "../live/parts/hygiene";
import { nodeNames } from "../live/parts/swarm";

const minute = 60_000;
jest.setTimeout(25 * minute);

/** The shipped configuration after a power cut, after a service was removed by hand, and after unused images have gone. */
describe("a farm that stands for years", () => {
  const farm = new TestFarm("test-years");

  beforeAll(async () => {
    farm.configureAsShipped();
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
  });

  afterAll(() => farm.end());

  greenTests(farm);
  hygieneTests(farm, nodeNames);
});
