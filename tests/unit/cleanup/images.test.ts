import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanUp, type Farm } from "../../support/fake-node-docker";

let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "cleanup-"));
});

afterEach(() => {
  rmSync(state, { recursive: true });
});

const hour = 3600;

/** Runs the cleanup at a time of a farm, with 168 h as the time after which images go. */
function at(hours: number, farm: Farm) {
  return cleanUp(state, 1_000_000_000 + hours * hour, farm);
}

const worker: Farm = { images: { old: ["php@sha256:1"], used: ["php@sha256:2"] }, containers: ["used"] };

test("removes an image that no container has used for the whole time, whenever it was created", () => {
  expect(at(0, worker).removed).toEqual([]);
  expect(at(167, worker).removed).toEqual([]);
  const { removed, stdout } = at(168, worker);
  expect(removed).toEqual(["php@sha256:1"]);
  expect(stdout).toBe("removed image php@sha256:1: no container has used it for 168 h\n");
});

test("the time starts again for an image that was used", () => {
  at(0, worker);
  at(100, { ...worker, containers: ["old", "used"] });
  expect(at(168, worker).removed).toEqual([]);
  expect(at(335, worker).removed).toEqual([]);
  expect(at(336, worker).removed).toEqual(["php@sha256:1"]);
});

test("keeps an image that was just pulled, and removes others", () => {
  at(0, worker);
  const pulled = { ...worker, images: { ...worker.images, fresh: ["php@sha256:3"] } };
  expect(at(200, pulled).removed).toEqual(["php@sha256:1"]);
});

test("an image with several names goes by each", () => {
  const several = { images: { old: ["a:1", "b:1", "b@sha256:1"] } };
  at(0, several);
  expect(at(168, several).removed).toEqual(["a:1", "b:1", "b@sha256:1"]);
});

test("removes an image without a name by its id", () => {
  at(0, { images: { old: [] } });
  expect(at(168, { images: { old: [] } }).removed).toEqual(["old"]);
});

test("a clock that was set back removes nothing early", () => {
  at(500, worker);
  expect(at(0, worker).removed).toEqual([]);
  expect(at(167, worker).removed).toEqual([]);
  expect(at(168, worker).removed).toEqual(["php@sha256:1"]);
});

test("keeps images of the guest image", () => {
  const farm = { images: { base: ["base:1"] }, preloaded: ["base:1"] };
  at(0, farm);
  expect(at(1000, farm).removed).toEqual([]);
});

test("a manager keeps the images of its services and of their rollback, also without a task on it", () => {
  const farm = {
    images: { now: ["localhost/swarm-farm/registry:2"], before: ["localhost/swarm-farm/registry:1"], older: ["x:0"] },
    services: ["localhost/swarm-farm/registry:2", "localhost/swarm-farm/registry:1"],
  };
  at(0, farm);
  expect(at(1000, farm).removed).toEqual(["x:0"]);
});

test("a manager without a quorum removes nothing, and its unit fails", () => {
  const farm = { images: { old: ["x:0"] }, services: "no quorum" as const };
  expect(at(0, { ...farm, services: [] }).status).toBe(0);
  const { status, removed } = at(1000, farm);
  expect([status, removed]).toEqual([1, []]);
});

test("fails if Docker does not answer, and keeps its records", () => {
  at(0, worker);
  expect(at(100, { ...worker, silent: true }).status).not.toBe(0);
  expect(at(168, worker).removed).toEqual(["php@sha256:1"]);
});

test("never touches a volume, a container or a service", () => {
  at(0, worker);
  const { calls } = at(1000, { ...worker, services: ["php@sha256:2"] });
  expect(
    calls.filter((call) => /docker (volume|container|system|service (rm|update)|rm|kill|stop)/.test(call)),
  ).toEqual([]);
});
