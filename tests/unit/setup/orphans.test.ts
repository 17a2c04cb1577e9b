import { spawnSync } from "node:child_process";
import { repository } from "../../support/program";

const urn = "urn:pulumi:dev::swarm-farm::";
const provider = { urn: `${urn}pulumi:providers:docker::swarm-docker`, type: "pulumi:providers:docker" };
const made = (type: string, name: string) => ({ urn: `${urn}${type}::${name}-x`, type, outputs: { name } });

/** What is removed of a swarm that has these services and configs by the label of project and stack, and one of another label, where Pulumi knows these resources. */
function sweep(resources: readonly object[], { services = "", configs = "", answers = true } = {}) {
  const program = `
    set -euo pipefail
    FARM_STACK=dev
    . ${repository}/setup/say.sh
    . ${repository}/setup/orphans.sh
    manager_says() {
      ${answers ? "" : "return 1"}
      case $2 in
        "docker service ls --filter label=swarm-farm.made-by=swarm-farm/dev "*) echo "${services}" ;;
        "docker config ls --filter label=swarm-farm.made-by=swarm-farm/dev "*) echo "${configs}" ;;
        *" ls --filter label=swarm-farm.made-by=swarm-farm/dev "*) ;;
        *" ls "*) echo of-another ;;
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

test("what it made without recording it is removed and named, and nothing of another program or stack; a name is known as what it is", () => {
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

/** What is defined before `destroy` where Pulumi knows these machines and libvirt has others. */
function standIns(machines: readonly string[], { there = "", answers = true } = {}) {
  const local = { urn: `${urn}pulumi:providers:libvirt::local`, type: "pulumi:providers:libvirt", inputs: { uri: "here" } };
  const resources = machines.map((name) => ({
    ...made("libvirt:index/domain:Domain", name),
    id: `id-of-${name}`,
    provider: `${local.urn}::1-2`,
  }));
  const program = `
    set -euo pipefail
    . ${repository}/setup/say.sh
    . ${repository}/setup/orphans.sh
    farm_virsh() {
      case $1 in
        list) echo listed >&2; ${answers ? `printf '%s\\n' ${there}` : "false"} ;;
        define) echo "$uri $(cat "$2")" >&4 ;;
      esac
    }
    stand_in_for_lost '${JSON.stringify({ deployment: { resources: [local, ...resources] } })}' 4>&1`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
  return { status, defined: stdout.trim(), asked: stderr.match(/^listed$/gm)?.length ?? 0 };
}

test("a machine that is gone gets a stand-in that can be deleted, and no other does", () => {
  const machines = ["dev.manager1", "dev.worker1"];
  const { status, defined, asked } = standIns(machines, { there: "dev.manager1" });
  // One hypervisor has both.
  expect([status, asked, defined]).toEqual([
    0,
    1,
    expect.stringMatching(/^here <domain type='qemu'><name>dev.worker1<\/name><uuid>id-of-dev.worker1<\/uuid>.*<\/domain>$/),
  ]);
  expect(standIns(machines, { there: machines.join(" ") })).toEqual({ status: 0, defined: "", asked: 1 });
});

test("there is none where a hypervisor does not answer, or nothing is known", () => {
  expect(standIns(["dev.manager1"], { answers: false })).toEqual({ status: 0, defined: "", asked: 1 });
  expect(standIns([])).toEqual({ status: 0, defined: "", asked: 0 });
});
