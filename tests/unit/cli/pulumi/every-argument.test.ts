import fc from "fast-check";
import {
  asksForRefresh,
  asksNothing,
  eventLogOf,
  guardedArguments,
  withoutRefresh,
} from "../../../../cli/pulumi/arguments";
import { argumentsOf, flagsOf, type PulumiCommand } from "../../../../cli/pulumi/flags";

const word = fc.constantFrom(
  ...["-r", "-y", "-f", "-d", "-rr", "-yr", "-dfy", "-jQ", "--refresh", "--refresh=true", "--refresh=false", "-r=1"],
  ...["--yes", "--yes=true", "--yes=false", "--skip-preview", "--diff", "--strict", "--event-log=log", "--plan=p"],
  ...["--expect-no-changes", "--continue-on-error", "--target=urn", "web", "urn:pulumi:dev::x"],
);
const line = fc.array(word, { maxLength: 8 });

test("withoutRefresh removes all refresh flags and adds no argument", () => {
  fc.assert(
    fc.property(line, (args) => {
      const rest = withoutRefresh(args);
      expect(asksForRefresh(rest)).toBe(false);
      expect(asksNothing(rest)).toBe(asksNothing(args));
      expect(rest).not.toContain("-");
      expect(rest.filter((arg) => !arg.startsWith("-"))).toEqual(args.filter((arg) => !arg.startsWith("-")));
    }),
  );
});

test("a guarded update does not prompt and previews once; its preview has no flag that only an update knows", () => {
  fc.assert(
    fc.property(line, (args) => {
      const { preview, update } = guardedArguments(args);
      expect(asksNothing(update)).toBe(true);
      expect(asksNothing(preview)).toBe(false);
      expect(preview.join(" ")).not.toMatch(/--(yes|skip-preview|plan|strict|continue-on-error|expect-no-changes)/);
      expect(update.filter((arg) => arg.startsWith("--skip-preview")).length).toBe(args.includes("--strict") ? 0 : 1);
      expect([asksForRefresh(preview), asksForRefresh(update)]).toEqual([asksForRefresh(args), asksForRefresh(args)]);
      // A preview writes the log that is asked for: the update's would replace it.
      expect([eventLogOf(preview), eventLogOf(update)]).toEqual([eventLogOf(args), undefined]);
    }),
  );
});

test("an --event-log without a file has no file", () => {
  expect(eventLogOf(["--event-log"])).toBeUndefined();
  expect(guardedArguments(["--event-log"]).preview).toEqual(["--event-log"]);
});

const commands: readonly PulumiCommand[] = ["up", "preview", "refresh", "destroy"];

describe.each(commands)("the flags of %s", (command) => {
  const named = flagsOf(command).map((flag) => ({
    ...flag,
    long: /--[a-z-]+/.exec(flag.flags)?.[0] ?? "",
    takesValue: flag.flags.includes("<"),
  }));
  const camel = (long: string) => long.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

  test("have a long name each, once", () => {
    const names = named.map(({ long }) => long);
    expect(names.every((name) => name.length > 3)).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });

  test("reach Pulumi by their long names with their values, and other flags do not", () => {
    for (const { long, takesValue, repeatable } of named) {
      const value = repeatable === true ? ["a b", "c"] : takesValue ? "a b" : true;
      const expected = repeatable === true ? [long, "a b", long, "c"] : takesValue ? [long, "a b"] : [long];
      expect(argumentsOf(command, { [camel(long)]: value, anotherFlag: true, stack: "lab" })).toEqual(expected);
    }
  });

  test("are not passed if they are not set", () => {
    expect(argumentsOf(command, { refresh: false, message: undefined, target: [] })).toEqual([]);
  });
});

test.each(commands)(
  "%s refuses an argument before the first step: Pulumi would refuse it after all others",
  (command) => {
    for (const rest of [["worker1"], ["worker1", "--color", "never"]])
      expect(() => argumentsOf(command, {}, rest)).toThrow(
        `unexpected argument 'worker1': only Pulumi's own options may follow, behind --; ./farm ${command} --help lists what it takes`,
      );
    expect(argumentsOf(command, { diff: true }, ["--color", "never"])).toEqual(["--diff", "--color", "never"]);
  },
);
