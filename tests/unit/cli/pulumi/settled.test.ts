import { mkdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { backendFolder } from "../../../../cli/pulumi/backend";
import {
  isSettled,
  settle,
  settledSince,
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

test("a farm is settled since its last update began: what was changed meanwhile may not be in it", () => {
  expect(settledSince(farm.context())).toBe(0);
  unsettle(farm.context());
  at(join(farm.folders.state, "unfinished"), -600);
  settle(farm.context());
  expect(Math.abs(settledSince(farm.context()) - (Date.now() - 600_000))).toBeLessThan(60_000);
  unsettle(farm.context());
  expect(settledSince(farm.context())).toBe(0);
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
