import { nameParts, waiting, waitLines, waitsSoFar } from "../../live/waits";

test("a wait belongs to its test, also one that fails, and one within another is a part of that", async () => {
  nameParts(() => "a node leaves");
  const value = await waiting("a page", () => waiting("farm ssh", () => Promise.resolve(7)));
  const failing = waiting("a node", () => Promise.reject(new Error("away")));
  await expect(failing).rejects.toThrow("away");
  expect(value).toBe(7);
  expect(waitsSoFar().map(({ part, what }) => [part, what])).toEqual([
    ["a node leaves", "a page"],
    ["a node leaves", "a node"],
  ]);
});

test("the report has each part with its longest waits first, and no short ones", () => {
  const wait = (part: string, what: string, seconds: number) => ({ part, what, seconds });
  const lines = waitLines([
    wait("before the first test", "farm up", 240.4),
    wait("a node leaves", "docker service ls", 4),
    wait("a node leaves", "farm up", 20),
    wait("a node leaves", "farm up", 25),
    wait("a node leaves", "the page answers", 60),
    wait("quick", "farm outputs", 1),
  ]);
  expect(lines).toEqual([
    "  240 s  before the first test: farm up 240 s",
    "  109 s  a node leaves: the page answers 60 s, farm up 2 × 45 s",
  ]);
});
