import { parseEvents } from "../../../../cli/preview/events";
import { eventLog, step, urnOf } from "../../../support/preview";

const known = step("create", urnOf("command:remote:Command", "a"), { after: { create: "true" } });

test("parses the steps of a log, and each error and warning once and without colors", () => {
  const diagnostic = { severity: "error", message: "<{%fg 1%}>it\u001b[31m broke<{%reset%}>\n" };
  const log = parseEvents(
    eventLog(
      [known],
      [diagnostic, diagnostic, { severity: "warning", prefix: "<{%fg 3%}>warning: ", message: "careful" }],
    ),
  );
  expect(log.steps).toHaveLength(1);
  expect(log.steps[0]).toMatchObject({ op: "create", new: { inputs: { create: "true" } } });
  expect(log.errors).toEqual(["it broke"]);
  expect(log.warnings).toEqual(["careful"]);
});

test("parses the complete lines of an engine that was killed", () => {
  const log = eventLog([known]);
  expect(parseEvents(log.slice(0, -10)).steps).toHaveLength(1);
  expect(parseEvents("").steps).toEqual([]);
});

test("an invalid line before the last one is an error", () => {
  expect(() => parseEvents(`nonsense\n${eventLog([known])}`)).toThrow();
});
