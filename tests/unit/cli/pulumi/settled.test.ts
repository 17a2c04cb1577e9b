import { mkdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { backendFolder } from "../../../../cli/pulumi/backend";
import {
  isSettled,
  isSettledWith,
  settle,
  unfinishedSince,
  unsettle,
  uploadsNothing,
} from "../../../../cli/pulumi/settled";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  farm.configure();
});
afterEach(() => {
  farm.remove();
});

/** Sets when a file was written, in seconds from now. */
const at = (file: string, seconds: number) => {
  utimesSync(file, new Date(), new Date(Date.now() + seconds * 1000));
};
const configuration = () => join(farm.home, "Pulumi.dev.yaml");

test.each([
  ["file:///var/backend", "/var/backend"],
  ["file://", ""],
  ["s3://bucket", undefined],
  ["https://api.pulumi.com", undefined],
  ["", undefined],
])("the backend '%s' is the folder %p", (url, folder) => {
  expect(backendFolder({ PULUMI_BACKEND_URL: url })).toBe(folder);
});

test("a farm is settled from the end of a successful update to the start of the next change", () => {
  expect(isSettled(farm.context())).toBe(false);
  settle(farm.context());
  expect([isSettled(farm.context()), unfinishedSince(farm.context())]).toEqual([true, 0]);
  unsettle(farm.context());
  unsettle(farm.context());
  expect(isSettled(farm.context())).toBe(false);
  expect(Math.abs(unfinishedSince(farm.context()) - Date.now())).toBeLessThan(60_000);
});

describe("a farm is settled with the program of its last update", () => {
  const state = () => join(farm.home, "backend", ".pulumi", "stacks", "swarm-farm", "dev.json");
  const updated = (program?: string) => {
    unsettle(farm.context(), program);
    farm.write("backend/.pulumi/stacks/swarm-farm/dev.json", "{}");
    settle(farm.context());
  };
  beforeEach(() => {
    farm.set("PULUMI_BACKEND_URL", `file://${join(farm.home, "backend")}`);
  });

  test("and with no other", () => {
    updated("one");
    expect(["one", "two", ""].map((program) => isSettledWith(farm.context(), program))).toEqual([true, false, false]);
  });

  test("until another update begins, or the state is another", () => {
    updated("one");
    at(state(), -60);
    expect(isSettledWith(farm.context(), "one")).toBe(false);
    updated("one");
    unsettle(farm.context(), "one");
    expect(isSettledWith(farm.context(), "one")).toBe(false);
  });

  test("with none after an update of a part, or by an earlier version, whose marker is empty", () => {
    updated();
    expect(isSettledWith(farm.context(), "")).toBe(false);
    farm.state("settled", "");
    expect([isSettled(farm.context()), isSettledWith(farm.context(), "")]).toEqual([true, false]);
  });
});

test("what was written while an update ran may not be in it", () => {
  unsettle(farm.context());
  at(join(farm.folders.state, "unfinished"), -600);
  at(configuration(), -300);
  settle(farm.context());
  expect(uploadsNothing(farm.context())).toBe(false);
});

test("a farm behind a shared backend is never settled: others may have changed it", () => {
  settle(farm.context());
  farm.set("PULUMI_BACKEND_URL", "s3://theirs");
  expect([isSettled(farm.context()), uploadsNothing(farm.context())]).toEqual([false, false]);
});

describe("an update uploads nothing", () => {
  const guest = () => join(farm.folders.cache, "guest");
  beforeEach(() => {
    mkdirSync(guest(), { recursive: true });
    at(configuration(), -60);
    at(guest(), -60);
    settle(farm.context());
  });

  test("if neither configuration nor image is newer than the last update", () => {
    expect(uploadsNothing(farm.context())).toBe(true);
  });

  test.each([
    ["the configuration", configuration],
    ["a guest image", guest],
  ])("unless %s is newer", (_, file) => {
    at(file(), 60);
    expect(uploadsNothing(farm.context())).toBe(false);
  });

  test("only after a successful update", () => {
    unsettle(farm.context());
    expect(uploadsNothing(farm.context())).toBe(false);
  });
});
