import { withStacks } from "../../../support/configs";
import { refusal } from "../../../support/refusal";

const policy = { min: 1, max: 3, metric: "cpu", target: 0.5 };
const services = { hello: { autoscale: policy }, lamp: { nginx: { autoscale: policy }, php: { autoscale: policy } } };

test("each policy of a farm without the steward is named, whatever stack it is of", () => {
  expect(refusal(withStacks(services)).sort()).toEqual(
    ["hello", "lamp.nginx", "lamp.php"].map(
      (path) => `${path}.autoscale: is followed by the steward, which is not deployed; add steward: {}`,
    ),
  );
});

test("a steward that does not rebalance follows policies too", () => {
  expect(refusal(withStacks({ ...services, steward: { rebalance: false } }))).toEqual([]);
});
