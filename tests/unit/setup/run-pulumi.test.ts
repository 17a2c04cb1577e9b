import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-pulumi-"));
  mkdirSync(join(folder, "dev"));
  configure("config: {}");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The file is later than all that was done so far, however quick that was. */
function configure(text: string): void {
  const file = join(folder, "Pulumi.dev.yaml");
  writeFileSync(file, `${text}\n`);
  if (existsSync(join(folder, "dev", "settled"))) utimesSync(file, new Date(), new Date(Date.now() + 10_000));
}

/** What `./farm pulumi ARGS…` does besides, in order: `leader`, `export`, `lost`, `sweep`, `swarm`, `room`, `refresh` and Pulumi's own `up`. */
function pulumi(args: string, { backend = "file:///state", status = 0, hasRoom = true, isLed = true } = {}): string[] {
  const program = `
    set -euo pipefail
    . ${repository}/setup/say.sh
    . ${repository}/setup/data-loss.sh
    . ${repository}/setup/commands.sh
    REPO=${folder} FARM_STACK=dev FARM_HOME=${folder}/dev FARM_CACHE=${folder} PULUMI_BACKEND_URL=${backend}
    unlock_stack() { :; }
    pulumi() { echo export >&2; echo '{}'; }
    sweep_orphans() { echo sweep >&2; }
    sweep_swarm() { echo swarm >&2; }
    check_room() { echo room >&2; ${String(hasRoom)}; }
    wait_for_leader() { echo leader >&2; ${String(isLed)}; }
    stand_in_for_lost() { echo lost >&2; }
    refresh_scaled() { echo refresh >&2; }
    run_pulumi_as_is() { echo "$1" >&2; return ${String(status)}; }
    run_pulumi ${args}`;
  const { stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
  return stderr.split("\n").filter(Boolean);
}

test("after an update that ended well nothing is looked for before the next", () => {
  expect(pulumi("up")).toEqual(["export", "sweep", "swarm", "room", "up"]);
  expect(pulumi("up")).toEqual(["up"]);
  expect(pulumi("destroy")).toEqual(["export", "lost", "destroy"]);
});

test("after one that did not end well what it left is looked for", () => {
  pulumi("up");
  pulumi("up", { status: 1 });
  expect(pulumi("up")).toEqual(["export", "sweep", "swarm", "room", "up"]);
  expect(pulumi("up")).toEqual(["up"]);
});

test("where the provider had to be ended it is begun anew, with all that goes before, and only once", () => {
  pulumi("up");
  const anew = ["up", "export", "sweep", "swarm", "room", "up"];
  expect(pulumi("up", { status: 75 }).filter((line) => !line.startsWith("farm:"))).toEqual(anew);
  expect(pulumi("up", { status: 1 })).toEqual(anew.slice(1));
});

test("so it is where others may have changed the farm meanwhile", () => {
  pulumi("up", { backend: "s3://theirs" });
  expect(pulumi("up", { backend: "s3://theirs" })).toEqual(["export", "sweep", "swarm", "room", "up"]);
});

test("a pool without room keeps an update from beginning, and nothing from being known", () => {
  pulumi("up");
  configure("config: { swarm-farm:nodes: {} }");
  expect(pulumi("up", { hasRoom: false })).toEqual(["room"]);
  expect(pulumi("up")).toEqual(["room", "up"]);
});

test("services that the steward scales are read back before each update", () => {
  pulumi("up");
  configure("config: { swarm-farm:hello: { autoscale: { min: 2 } } }");
  expect(pulumi("up")).toEqual(["export", "room", "refresh", "up"]);
  expect(pulumi("preview")).toEqual(["preview"]);
});

test("a provider that hung is told in one line", () => {
  expect(pulumi("up", { status: 75 })).toContain("farm: libvirt provider hung; killed it and retrying");
});

test.each(["up -r", "up --refresh=true", "up --refresh=1", "up -yr", "up --refresh=false --refresh"])(
  "%s reads back what is there, then updates without asking Pulumi for it again",
  (args) => {
    pulumi("up");
    expect(pulumi(args)).toEqual(["leader", "refresh", "up"]);
  },
);

test.each(["up --refresh=false", "up -yf", "up --refresh --refresh=false", "up --diff -m more"])("%s does not", (args) => {
  pulumi("up");
  expect(pulumi(args)).toEqual(["up"]);
});

test.each(["up --refresh", "refresh", "preview --refresh"])("%s reads nothing of a swarm without a leader", (args) => {
  pulumi("up");
  expect(pulumi(args, { isLed: false })).toEqual(["leader"]);
  expect(pulumi(args)).toEqual(["leader", ...(args.startsWith("up") ? ["refresh"] : []), args.split(" ")[0]]);
  expect(pulumi("destroy --refresh", { isLed: false })).toContain("destroy");
});

test("up and preview are guarded, also when they are retried; plain pulumi is not", () => {
  const program = (command: string) => `
    set -euo pipefail
    for file in say data-loss preview commands; do . ${repository}/setup/$file.sh; done
    REPO=${folder} FARM_STACK=dev FARM_HOME=${folder}/dev FARM_CACHE=${folder} PULUMI_BACKEND_URL=file:///state
    touch "$FARM_HOME/settled"
    for name in banner setup_all step write_ssh_files look start_forwards gate show_farm prepare_preview check_configuration_early \
      unlock_stack pulumi uploads_nothing sweep_orphans sweep_swarm; do eval "$name() { :; }"; done
    hypervisor_mode() { echo system; }
    MISSING='' RENEWALS=()
    run_guarded() { echo "guarded $1" >&2; if [ -e "${folder}/again" ]; then rm "${folder}/again"; return 75; fi; }
    run_pulumi_as_is() { echo "$1" >&2; }
    ${command}`;
  const ran = (command: string) =>
    spawnSync("bash", ["-c", program(command)], { encoding: "utf8" })
      .stderr.split("\n")
      .filter((line) => line !== "" && !line.startsWith("farm:"));
  writeFileSync(join(folder, "again"), "");
  expect(ran("farm_up --yes")).toEqual(["guarded up", "guarded up"]);
  expect(ran("farm_preview")).toEqual(["guarded preview"]);
  expect(ran("farm_pulumi up --yes")).toEqual(["up"]);
});
