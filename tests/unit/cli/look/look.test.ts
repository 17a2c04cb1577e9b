import { look } from "../../../../cli/look/look";
import { parseConfig } from "../../../../stacks/config";
import { withNames } from "../../../support/configs";
import { FakeFarm, printing } from "../../../support/fake-farm";

const config = parseConfig(withNames("manager1", "worker1"));
const waits = { startSeconds: 0, quietSeconds: 0 };
const domains = ["manager1", "worker1"].map((name) => ({
  urn: `urn:pulumi:dev::swarm-farm::libvirt:index/domain:Domain::${name}-domain`,
  type: "libvirt:index/domain:Domain",
  custom: true,
}));
const state = printing(JSON.stringify({ deployment: { resources: domains } }));

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  farm.state("hypervisor", "system\n");
});
afterEach(() => {
  farm.remove();
});

/** Domains by their states; those in `dead` do not start. */
function libvirt(states: Readonly<Record<string, string>>, dead: readonly string[] = []) {
  const list = Object.entries(states).map(([name, each]) => ` -   dev.${name}   ${each}`);
  const failing = dead.map((name) => `*"start dev.${name}") echo "error: no disk for ${name}" >&2; exit 1 ;;`);
  farm.programs({
    pulumi: state,
    virsh: `case "$*" in *"list --all") ${printing(list.join("\n"))}\n;; ${failing.join(" ")} esac`,
  });
}

const looked = () => look(farm.context(), config, waits, undefined, () => undefined);

test("starts VMs that are off", async () => {
  libvirt({ manager1: "running", worker1: "shut off" });
  expect(await looked()).toMatchObject({ note: "started worker1", missing: [] });
});

test("reports a worker that does not start with libvirt's reason, and leaves it to the refresh", async () => {
  libvirt({ manager1: "running", worker1: "shut off" }, ["worker1"]);
  expect((await looked()).missing).toEqual(["worker1: its VM does not start: no disk for worker1"]);
});

test("fails with libvirt's reasons, without a refresh, if no manager starts", async () => {
  libvirt({ manager1: "shut off", worker1: "running" }, ["manager1"]);
  await expect(looked()).rejects.toThrow(
    /^no manager's VM starts; .*\nmanager1: its VM does not start: no disk for manager1$/,
  );
});
