import { spawnSync } from "node:child_process";
import { repository } from "../../support/program";

const urn = "urn:pulumi:dev::swarm-farm::";
const provider = { urn: `${urn}pulumi:providers:docker::swarm-docker`, type: "pulumi:providers:docker" };
const made = (type: string, name: string) => ({ urn: `${urn}${type}::${name}-x`, type, outputs: { name } });

/** What is removed of a swarm that has these services and configs by Pulumi's label, where Pulumi knows these resources. */
function sweep(resources: readonly object[], { services = "", configs = "", answers = true } = {}) {
  const program = `
    set -euo pipefail
    . ${repository}/setup/say.sh
    . ${repository}/setup/orphans.sh
    manager_says() {
      ${answers ? "" : "return 1"}
      case $2 in
        "docker service ls --filter label=swarm-farm.made-by=pulumi "*) echo "${services}" ;;
        "docker config ls --filter label=swarm-farm.made-by=pulumi "*) echo "${configs}" ;;
        *" ls "*) ;;
        *) echo "$1: \${2% >*}" ;;
      esac
    }
    sweep_swarm '${JSON.stringify({ deployment: { resources } })}'`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
  return { status, removed: stdout.split("\n").filter(Boolean), said: stderr };
}

const known = [
  provider,
  made("docker:index/service:Service", "hello"),
  made("docker:index/serviceConfig:ServiceConfig", "site-1"),
];

test("what Pulumi made in the swarm and knows of stays", () => {
  expect(sweep(known, { services: "hello", configs: "site-1" })).toEqual({ status: 0, removed: [], said: "" });
});

test("what it made without hearing of it goes, and is told; a name is known as what it is", () => {
  const { status, removed, said } = sweep(known, { services: "hello prometheus", configs: "site-1 hello" });
  expect([status, removed]).toEqual([
    0,
    ["any.manager: docker service rm prometheus", "any.manager: docker config rm hello"],
  ]);
  expect(said).toContain("removed what an interrupted run left: service prometheus");
});

test("no swarm is asked where none was made, and one that does not answer holds nothing up", () => {
  expect(sweep([], { services: "prometheus" })).toEqual({ status: 0, removed: [], said: "" });
  expect(sweep(known, { services: "prometheus", answers: false })).toEqual({ status: 0, removed: [], said: "" });
});

/** What is read back before `destroy` where Pulumi knows these machines and libvirt has others. */
function readBack(machines: readonly string[], { there = "", answers = true } = {}) {
  const resources = machines.map((name) => ({ ...made("libvirt:index/domain:Domain", name), id: name }));
  const program = `
    set -euo pipefail
    . ${repository}/setup/orphans.sh
    host_uris() { echo qemu:///system; }
    farm_virsh() { ${answers ? `printf '%s\\n' ${there}` : "false"}; }
    run_pulumi_as_is() { echo "$*"; }
    forget_lost '${JSON.stringify({ deployment: { resources } })}'`;
  const { status, stdout } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
  return { status, refreshed: stdout.trim() };
}

test("a machine that is gone is read back before it is to be deleted, and no other", () => {
  const machines = ["dev.manager1", "dev.worker1"];
  expect(readBack(machines, { there: "dev.manager1" })).toEqual({
    status: 0,
    refreshed: `refresh --yes --skip-preview --target ${urn}libvirt:index/domain:Domain::dev.worker1-x`,
  });
  expect(readBack(machines, { there: machines.join(" ") })).toEqual({ status: 0, refreshed: "" });
});

test("nothing is read back where a hypervisor does not answer, or nothing is known", () => {
  expect(readBack(["dev.manager1"], { answers: false })).toEqual({ status: 0, refreshed: "" });
  expect(readBack([])).toEqual({ status: 0, refreshed: "" });
});
