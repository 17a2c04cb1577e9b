import { TestFarm } from "../live/farm";
import { balancerTests } from "../live/parts/balancer";
import { lossTests } from "../live/parts/losses";
import { missingImageTests, updateTests } from "../live/parts/updates";

const minute = 60_000;
jest.setTimeout(30 * minute);

/** Tests that take too long for every run: new images under thousands of requests, images that cannot be had, the other load balancer. */
describe("the default farm", () => {
  const farm = new TestFarm("test-faults");

  beforeAll(async () => {
    farm.configureAsShipped();
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
  });

  afterAll(() => farm.end());

  updateTests(farm);
  missingImageTests(farm);
  lossTests(farm);
  balancerTests(farm);
});
