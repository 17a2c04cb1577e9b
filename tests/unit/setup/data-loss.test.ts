import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventLog, nodeStep } from "../../support/preview";
import { repository } from "../../support/program";

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
function guarded(command: string, args: string, op: string) {
  writeFileSync(join(folder, "log"), eventLog([nodeStep(op, "worker3", "disk")]));
  const program = `
    set -euo pipefail
    . ${repository}/setup/say.sh
    . ${repository}/setup/data-loss.sh
    cd ${repository}
    FARM_HOME=${folder}
    node_names() { echo worker3; }
    in_farm() { "$@"; }
    run_pulumi_as_is() {
      local log=''
      echo "$*" | sed 's| --event-log [^ ]*||'
      while [ $# -gt 0 ]; do [ "$1" != --event-log ] || cp ${folder}/log "$2"; shift; done
    }
    farm_up() { run_guarded up "$@"; }
    farm_preview() { run_guarded preview "$@"; }
    farm_pulumi() { run_guarded "$@"; }
    ${command} ${args}`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8", cwd: repository });
  return { status, ran: stdout.split("\n").filter(Boolean), stderr };
}

test("up refuses to delete a disk whose data it cannot see", () => {
  const { status, ran, stderr } = guarded("farm_up", "--yes", "replace");
  expect(status).toBe(77);
  expect(ran).toEqual(["preview"]);
  expect(stderr).toMatch(/'worker3'.*\n.*cannot be seen: .+\n.*--accept-data-loss worker3$/m);
});

test("up goes on where the loss is accepted, and Pulumi does not see the flag", () => {
  const { status, ran } = guarded("farm_up", "--yes --diff --accept-data-loss worker3", "replace");
  expect(status).toBe(0);
  expect(ran).toEqual(["preview --diff", "up --yes --skip-preview --diff"]);
});

test("up asks nobody where no disk is deleted", () => {
  const { status, ran, stderr } = guarded("farm_up", "--yes", "update");
  expect({ status, ran, stderr }).toEqual({ status: 0, ran: ["preview", "up --yes --skip-preview"], stderr: "" });
});

test("preview warns and ends well", () => {
  const { status, stderr } = guarded("farm_preview", "", "delete");
  expect(status).toBe(0);
  expect(stderr).toMatch(/the disk of node 'worker3' would be deleted/);
});

test("an unknown node is refused with the names of those that are there", () => {
  const { status, ran, stderr } = guarded("farm_up", "--yes --accept-data-loss worker9", "update");
  expect(status).toBe(1);
  expect(ran).toEqual([]);
  expect(stderr).toMatch(/'worker9'.*there are: worker3/);
});

test("plain pulumi is not guarded", () => {
  expect(guarded("farm_pulumi", "up --yes", "replace").ran).toEqual(["up --yes"]);
});
