import { parseEvents } from "../../../../cli/preview/events";
import { eventLog, step, urnOf } from "../../../support/preview";

const known = step("create", urnOf("command:remote:Command", "a"), { after: { create: "true" } });

test("a log gives the steps, and errors and warnings each once and without colors", () => {
  const said = { severity: "error", message: "<{%fg 1%}>it\u001b[31m broke<{%reset%}>\n" };
  const log = parseEvents(
    eventLog([known], [said, said, { severity: "warning", prefix: "<{%fg 3%}>warning: ", message: "careful" }]),
  );
  expect(log.steps).toHaveLength(1);
  expect(log.steps[0]).toMatchObject({ op: "create", new: { inputs: { create: "true" } } });
  expect(log.errors).toEqual(["it broke"]);
  expect(log.warnings).toEqual(["careful"]);
});

test("of an engine that was killed there is what it wrote whole", () => {
  const log = eventLog([known]);
  expect(parseEvents(log.slice(0, -10)).steps).toHaveLength(1);
  expect(parseEvents("").steps).toEqual([]);
});

test("a line within that is no event is an error", () => {
  expect(() => parseEvents(`nonsense\n${eventLog([known])}`)).toThrow();
});
