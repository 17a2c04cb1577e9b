import {
  asksForRefresh,
  asksNothing,
  eventLogOf,
  guardedArguments,
  isOfAll,
  withoutRefresh,
} from "../../../../cli/pulumi/arguments";

const words = (text: string) => text.split(" ").filter((word) => word !== "");

test.each([
  ["-r", true],
  ["--refresh", true],
  ["--refresh=true", true],
  ["--refresh=1", true],
  ["-yr", true],
  ["--refresh=false --refresh", true],
  ["", false],
  ["--refresh=false", false],
  ["-yf", false],
  ["--refresh --refresh=false", false],
  ["--diff -m more", false],
])("'%s' requests a refresh: %p", (args, asks) => {
  expect(asksForRefresh(words(args))).toBe(asks);
});

test.each([
  ...["--target urn::a", "--target=urn::a", "-t urn::a", "-turn::a", "-yt urn::a", "--exclude urn::a"],
  ...["--target-replace urn::a", "--plan plan.json", "--config-file other.yaml", "--stack other", "-s other", "-C /"],
])("'%s' is not of the whole farm", (args) => {
  expect(isOfAll(words(args))).toBe(false);
});

test.each(["", "--yes --replace urn::a", "--diff -y", "-c a=b --config a=b", "-yf"])(
  "'%s' is of the whole farm",
  (args) => {
    expect(isOfAll(words(args))).toBe(true);
  },
);

test("of several event logs Pulumi writes the last", () => {
  expect(eventLogOf(words("--event-log a --yes --event-log b --diff"))).toBe("b");
  expect(eventLogOf(words("--event-log a --event-log=b"))).toBe("b");
});

test("withoutRefresh removes the refresh flags alone", () => {
  expect(withoutRefresh(words("-yr --refresh=true -r --diff --target a-r"))).toEqual(words("-y --diff --target a-r"));
});

test.each([
  ["--yes", true],
  ["-fy", true],
  ["--yes=true --yes=false", false],
  ["--target -y-", false],
])("'%s' does not prompt: %p", (args, nothing) => {
  expect(asksNothing(words(args))).toBe(nothing);
});

test.each([
  ["--diff", undefined],
  ["--event-log a --diff", "a"],
  ["--event-log=b", "b"],
])("'%s' has the event log %p", (args, file) => {
  expect(eventLogOf(words(args))).toBe(file);
});

test.each([
  ["-y --refresh=false --target X -m more", "--refresh=false --target X -m more", undefined],
  ["-yf", "", undefined],
  ["-dfy --diff", "-d --diff", undefined],
  ["--yes=true --skip-preview=true", "", undefined],
  [
    "-y --continue-on-error --secrets-provider default --plan file",
    "",
    "--continue-on-error --secrets-provider default --plan file",
  ],
  [
    "--secrets-provider=default --plan=file --expect-no-changes",
    "",
    "--secrets-provider=default --plan=file --expect-no-changes",
  ],
  ["--event-log file --diff", "--event-log file --diff", "--diff"],
])("the preview of 'up %s' has the arguments '%s'", (args, both, only) => {
  expect(guardedArguments(words(args))).toEqual({
    preview: words(both),
    update: ["--yes", "--skip-preview", ...words(only ?? both)],
  });
});

test("a strict update makes a plan of its own", () => {
  expect(guardedArguments(["-y", "--strict"])).toEqual({ preview: [], update: ["--yes", "--strict"] });
});
