import { foldersOf } from "../../../infra/config/folders";

test("folders follow the XDG variables, an empty one counts as none", () => {
  expect(foldersOf("dev", { HOME: "/root", XDG_CACHE_HOME: "/c", XDG_STATE_HOME: "" })).toEqual({
    cache: "/c/swarm-farm",
    config: "/root/.config/swarm-farm",
    farms: "/root/.local/state/swarm-farm",
    state: "/root/.local/state/swarm-farm/dev",
  });
});
