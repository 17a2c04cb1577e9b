import fc from "fast-check";
import { atMost } from "../../../../cli/base/at-most";

const soon = () => new Promise((resolve) => setImmediate(resolve));

test("each item is worked on once, no more than the limit at once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(3)), async (limit, items) => {
      const [begun, atWork]: [number[], number[]] = [[], []];
      let now = 0;
      await atMost(limit, items, async (turns) => {
        begun.push(turns);
        atWork.push(++now);
        for (let turn = 0; turn < turns; turn++) await soon();
        now--;
      });
      expect(begun).toEqual(items);
      expect(now).toBe(0);
      expect(Math.max(0, ...atWork)).toBeLessThanOrEqual(limit);
    }),
  );
});

test("after a failure none begins, and those under way end first", async () => {
  const ended: string[] = [];
  const work = async (item: string) => {
    if (item === "fails") throw new Error("no network");
    await soon();
    ended.push(item);
  };
  await expect(atMost(2, ["slow", "fails", "next", "last"], work)).rejects.toThrow("no network");
  expect(ended).toEqual(["slow"]);
});
