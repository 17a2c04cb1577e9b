import { counted } from "../../../infra/config/counted";

test.each([
  [0, "0 routes"],
  [1, "1 route"],
  [21, "21 routes"],
])("the noun is singular for 1 alone: %p", (count, text) => {
  expect(counted(count, "route")).toBe(text);
});

test("a verb or an irregular plural agrees with the number", () => {
  expect([1, 2].map((count) => counted(count, "route answers", "routes answer"))).toEqual([
    "1 route answers",
    "2 routes answer",
  ]);
});
