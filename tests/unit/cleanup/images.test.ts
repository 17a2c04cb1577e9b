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

test("an image goes once no container had it for the whole time, whenever it was created", () => {
  expect(at(0, worker).removed).toEqual([]);
  expect(at(167, worker).removed).toEqual([]);
  const { removed, stdout } = at(168, worker);
  expect(removed).toEqual(["php@sha256:1"]);
  expect(stdout).toBe("removed image php@sha256:1: no container has used it for 168 h\n");
});

test("an image that was used meanwhile begins again", () => {
  at(0, worker);
  at(100, { ...worker, containers: ["old", "used"] });
  expect(at(168, worker).removed).toEqual([]);
  expect(at(335, worker).removed).toEqual([]);
  expect(at(336, worker).removed).toEqual(["php@sha256:1"]);
});

test("an image that was just pulled stays while everything else is long unused", () => {
  at(0, worker);
  const pulled = { ...worker, images: { ...worker.images, fresh: ["php@sha256:3"] } };
  expect(at(200, pulled).removed).toEqual(["php@sha256:1"]);
});

test("an image with several names goes by each", () => {
  const several = { images: { old: ["a:1", "b:1", "b@sha256:1"] } };
  at(0, several);
  expect(at(168, several).removed).toEqual(["a:1", "b:1", "b@sha256:1"]);
});

test("an image without a name goes by its id", () => {
  at(0, { images: { old: [] } });
  expect(at(168, { images: { old: [] } }).removed).toEqual(["old"]);
});

test("a clock that was set back removes nothing early", () => {
  at(500, worker);
  expect(at(0, worker).removed).toEqual([]);
  expect(at(167, worker).removed).toEqual([]);
  expect(at(168, worker).removed).toEqual(["php@sha256:1"]);
});

test("what came with the guest image stays", () => {
  const farm = { images: { base: ["base:1"] }, preloaded: ["base:1"] };
  at(0, farm);
  expect(at(1000, farm).removed).toEqual([]);
});

test("a manager keeps what its services name, and what they would roll back to, with no task of theirs on it", () => {
  const farm = {
    images: { now: ["localhost/swarm-farm/registry:2"], before: ["localhost/swarm-farm/registry:1"], older: ["x:0"] },
    services: ["localhost/swarm-farm/registry:2", "localhost/swarm-farm/registry:1"],
  };
  at(0, farm);
  expect(at(1000, farm).removed).toEqual(["x:0"]);
});

test("a manager without a quorum removes nothing, and fails where systemd shows it", () => {
  const farm = { images: { old: ["x:0"] }, services: "no quorum" as const };
  expect(at(0, { ...farm, services: [] }).status).toBe(0);
  const { status, removed } = at(1000, farm);
  expect([status, removed]).toEqual([1, []]);
});

test("a Docker that does not answer is a failure, and forgets nothing", () => {
  at(0, worker);
  expect(at(100, { ...worker, silent: true }).status).not.toBe(0);
  expect(at(168, worker).removed).toEqual(["php@sha256:1"]);
});

test("no volume, no container and no service is ever touched", () => {
  at(0, worker);
  const { calls } = at(1000, { ...worker, services: ["php@sha256:2"] });
  expect(
    calls.filter((call) => /docker (volume|container|system|service (rm|update)|rm|kill|stop)/.test(call)),
  ).toEqual([]);
});
