import { spawnSync } from "node:child_process";
import { repository } from "../../support/program";

/** `./farm rebalance ARGS…` where Docker tells these tasks of the steward; and what was run where. */
function rebalance(tasks: readonly string[], ...args: readonly string[]) {
  const program = `
    set -euo pipefail
    FARM_STACK=dev
    . ${repository}/setup/say.sh
    . ${repository}/setup/rebalance.sh
    write_ssh_files() { :; }
    farm_node() {
      case "$*" in
        *"service ps steward"*) printf '${tasks.map((task) => `${task}\\n`).join("")}' ;;
        *) echo "$*" ;;
      esac
    }
    farm_rebalance "$@"`;
  return spawnSync("bash", ["-c", program, "farm", ...args], { encoding: "utf8" });
}

test("it is a steward that runs who is asked, not one that is about to", () => {
  const { status, stdout } = rebalance(
    ["manager1 steward.2.b Starting 2 seconds ago", "manager2 steward.1.a Running 3 minutes ago"],
    "hello",
    "--dry-run",
  );
  expect([status, stdout]).toEqual([
    0,
    "manager2 docker exec steward.1.a node /srv/steward.js rebalance --config /etc/steward.json hello --dry-run\n",
  ]);
});

test.each([[[]], [["manager1 steward.1.a Failed 2 seconds ago"]]])("without one it is said what to do", (tasks) => {
  const { status, stderr } = rebalance(tasks);
  expect(status).toBe(1);
  expect(stderr).toContain("no steward runs: add swarm-farm:steward: {} to Pulumi.dev.yaml, then ./farm up");
});
