import { activate } from "../../../../cli/look/activate";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
const printed: string[] = [];
beforeEach(() => {
  farm = new FakeFarm();
  farm.state("hypervisor", "system\n");
  printed.length = 0;
});
afterEach(() => {
  farm.remove();
});

const act = () => activate(farm.context(), "qemu:///system", (text) => printed.push(text));
const started = () => farm.calls.filter((call) => call.includes("-start"));

test("starts an inactive network and pool of the farm, and none of other farms", async () => {
  farm.programs({ virsh: `case "$*" in *-list*) printf 'other\\nswarm-farm-dev\\nswarm-farm-dev2\\n\\n' ;; esac` });
  expect(await act()).toEqual([]);
  expect(printed).toEqual(["starting network 'swarm-farm-dev'", "starting pool 'swarm-farm-dev'"]);
  expect(started()).toEqual([
    "virsh -q -c qemu:///system net-start swarm-farm-dev",
    "virsh -q -c qemu:///system pool-start swarm-farm-dev",
  ]);
});

test("does not touch active ones", async () => {
  farm.programs({ virsh: "echo swarm-farm-dev2" });
  expect(await act()).toEqual([]);
  expect(started()).toEqual([]);
});

test("reports one that does not start with libvirt's reason, and tries the other", async () => {
  farm.programs({
    virsh: `case "$*" in
      *-list*) echo swarm-farm-dev ;;
      *net-start*) echo 'error: Failed to start network swarm-farm-dev' >&2
        echo 'error: internal error: Network is already in use by interface sf-dev' >&2; exit 1 ;;
    esac`,
  });
  expect(await act()).toEqual([
    "network 'swarm-farm-dev' does not start: internal error: Network is already in use by interface sf-dev",
  ]);
  expect(started()).toHaveLength(2);
});
