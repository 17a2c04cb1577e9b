import * as fc from "fast-check";
import { join } from "node:path";
import { openContext } from "../../../../cli/context/open";

/** The context for `--stack STACK` and these variables. */
function open(stack: string | undefined, variables: Readonly<Record<string, string>> = {}, isolated = false) {
  return openContext({
    stack,
    isolated,
    repository: "/repository",
    environment: { HOME: "/home/ada", PATH: "/bin", ...variables },
    interactive: false,
    terminal: { columns: 80, write: () => true },
    signal: new AbortController().signal,
  });
}

test.each([
  ["lab", { PULUMI_STACK: "shop" }, "lab"],
  [undefined, { PULUMI_STACK: "shop" }, "shop"],
  [undefined, { PULUMI_STACK: "" }, "dev"],
  [undefined, {}, "dev"],
])("--stack %s with %j opens the farm '%s'", (stack, variables, name) => {
  const context = open(stack, variables);
  expect(context.stack).toBe(name);
  expect(context.environment.PULUMI_STACK).toBe(name);
  expect(context.folders.state).toBe(join("/home/ada/.local/state/swarm-farm", name));
});

test.each(["", "Lab", "1st", "-a", "a_b", "a/b", "..", "a b", "dev\n", "a".repeat(32)])(
  "'%s' is refused as a farm's name, which names folders and namespaces",
  (name) => {
    expect(() => open(name)).toThrow(
      `the stack's name '${name}' must be lower-case letters, digits and hyphens, begin with a letter, and have at most 31 characters`,
    );
  },
);

test.each(["pulumi", "backups"])("'%s' is refused as a farm's name: a folder of all farms has it", (name) => {
  expect(() => open(name)).toThrow(`no stack can be named '${name}': ./farm has a folder of that name`);
});

test("every accepted name is one folder below that of all farms", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/).filter((each) => !["pulumi", "backups"].includes(each));
  fc.assert(
    fc.property(name, (stack) => {
      const { folders } = open(stack);
      expect(folders.state).toBe(join(folders.farms, stack));
    }),
    { numRuns: 30 },
  );
});

test.each([
  [{}, false, false],
  [{ FARM_ISOLATED: "1" }, false, true],
  [{ FARM_ISOLATED: "" }, false, false],
  [{}, true, true],
])("with %j and --isolated %s a new farm is isolated: %s", (variables, flag, isolated) => {
  expect(open("dev", variables, flag).isolated).toBe(isolated);
});

test.each(["5m", "-1", "1.5", " 9", "1e3"])("FARM_WAIT_SECONDS '%s' is refused before the first step", (text) => {
  expect(() => open("dev", { FARM_WAIT_SECONDS: text })).toThrow(
    `FARM_WAIT_SECONDS is '${text}': it must be a number of seconds, e.g. 1800`,
  );
});
