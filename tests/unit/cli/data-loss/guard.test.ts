import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventLog, nodeStep } from "../../../support/preview";
import { repository } from "../../../support/program";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "data-loss-"));
  mkdirSync(join(folder, "ssh"));
  writeFileSync(join(folder, "ssh", "worker3.host"), "");
  // Refused at once: a node that does not answer.
  writeFileSync(join(folder, "ssh", "config"), "Host *\n  ProxyCommand false\n");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What Pulumi is asked for by `./farm COMMAND ARGS`, where a preview plans this. */
function guarded(command: "up" | "preview", args: string, op: string, log?: string) {
  writeFileSync(join(folder, "log"), log ?? eventLog([nodeStep(op, "worker3", "disk")]));
  const program = `
    set -euo pipefail
    . ${repository}/setup/say.sh
    . ${repository}/setup/data-loss.sh
    . ${repository}/setup/commands.sh
    cd ${repository}
    FARM_HOME=${folder}
    node_names() { echo worker3; }
    in_farm() { "$@"; }
    run_pulumi_as_is() {
      local log=''
      echo "$*" | sed 's| --event-log [^ ]*||'
      while [ $# -gt 0 ]; do [ "$1" != --event-log ] || cp ${folder}/log "$2"; shift; done
    }
    run_guarded ${command} ${args}`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8", cwd: repository });
  return { status, ran: stdout.split("\n").filter(Boolean), stderr };
}

test("up refuses to delete a disk whose data it cannot see", () => {
  const { status, ran, stderr } = guarded("up", "--yes", "replace");
  expect(status).toBe(77);
  expect(ran).toEqual(["preview"]);
  expect(stderr).toMatch(/'worker3'.*\n.*cannot be seen: .+\n.*--accept-data-loss worker3$/m);
});

test("up goes on where the loss is accepted, and Pulumi does not see the flag", () => {
  const { status, ran } = guarded("up", "--yes --diff --accept-data-loss worker3", "replace");
  expect(status).toBe(0);
  expect(ran).toEqual(["preview --diff", "up --yes --skip-preview --diff"]);
});

test("up asks nobody where no disk is deleted", () => {
  const { status, ran, stderr } = guarded("up", "--yes", "update");
  expect({ status, ran, stderr }).toEqual({ status: 0, ran: ["preview", "up --yes --skip-preview"], stderr: "" });
});

test("preview warns and ends well", () => {
  const { status, stderr } = guarded("preview", "", "delete");
  expect(status).toBe(0);
  expect(stderr).toMatch(/the disk of node 'worker3' would be deleted/);
});

test("an unknown node is refused with the names of those that are there", () => {
  const { status, ran, stderr } = guarded("up", "--yes --accept-data-loss worker9", "update");
  expect(status).toBe(1);
  expect(ran).toEqual([]);
  expect(stderr).toMatch(/'worker9'.*there are: worker3/);
});

test("a disk is found in a log that is larger than a pipe", () => {
  const many = Array.from({ length: 4000 }, () => nodeStep("delete", "worker3", "disk"));
  expect(guarded("up", "--yes", "", eventLog(many))).toMatchObject({ status: 77, ran: ["preview"] });
});

test.each([
  ["is not there", ""],
  ["ends early, as on a full file system", eventLog([nodeStep("delete", "worker3", "disk")]).replace(/.*cancelEvent.*\n/, "")],
  ["cannot be read", `{"op":"delete","type":"libvirt:index/volume:Volume"\n{"cancelEvent":{}}\n`],
])("up refuses where the log %s", (_, log) => {
  const { status, ran, stderr } = guarded("up", "--yes", "", log);
  expect({ status, ran }).toEqual({ status: 1, ran: ["preview"] });
  expect(stderr).toMatch(/^farm: the preview's event log .+: .+ nothing was changed$/m);
});

test.each([
  ["-y --refresh=false --target X -m more", ["--refresh=false --target X -m more"]],
  ["-yf", [""]],
  ["-dfy --diff", ["-d --diff"]],
  ["--yes=true --skip-preview=true", [""]],
  ["-y --continue-on-error --secrets-provider default --plan file", ["", "--continue-on-error --secrets-provider default --plan file"]],
  ["-y --secrets-provider=default --plan=file --expect-no-changes", ["", "--secrets-provider=default --plan=file --expect-no-changes"]],
  ["-y --exclude X --target-dependents --suppress-outputs --show-sames", ["--exclude X --target-dependents --suppress-outputs --show-sames"]],
])("the preview before 'up %s' has the same arguments, but for those that only up knows", (args, [both = "", only = both]) => {
  const ran = [`preview ${both}`, `up --yes --skip-preview ${only}`];
  expect(guarded("up", args, "update").ran).toEqual(ran.map((line) => line.trim()));
});

test("a strict update makes its own plan", () => {
  expect(guarded("up", "-y --strict", "update").ran).toEqual(["preview", "up --yes --strict"]);
});
