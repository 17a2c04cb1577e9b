import { homedir } from "node:os";
import { join } from "node:path";
import { foldersOf } from "../../../infra/config/folders";

test("folders follow the XDG variables, and an empty variable counts as unset", () => {
  expect(foldersOf("dev", { HOME: "/root", XDG_CACHE_HOME: "/c", XDG_STATE_HOME: "" })).toEqual({
    cache: "/c/swarm-farm",
    logs: "/c/swarm-farm/logs/dev",
    config: "/root/.config/swarm-farm",
    farms: "/root/.local/state/swarm-farm",
    state: "/root/.local/state/swarm-farm/dev",
  });
});

test("farms of one machine share tools, images and keys, and each has a state and logs of its own", () => {
  const [dev, prod] = ["dev", "prod"].map((farm) => foldersOf(farm, { HOME: "/root" }));
  expect({ ...prod, state: dev?.state, logs: dev?.logs }).toEqual(dev);
  expect(prod?.logs).toBe("/root/.cache/swarm-farm/logs/prod");
  expect(prod?.state).toBe("/root/.local/state/swarm-farm/prod");
});

test("without HOME, as under some init systems, the folders are in the user's home all the same", () => {
  const { cache } = foldersOf("dev", {});
  expect(cache).toBe(join(homedir(), ".cache", "swarm-farm"));
});
