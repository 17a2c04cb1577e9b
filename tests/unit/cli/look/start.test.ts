import { start } from "../../../../cli/look/start";
import { FakeFarm } from "../../../support/fake-farm";

const uri = "qemu:///system";
let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
});
afterEach(() => {
  jest.restoreAllMocks();
  farm.remove();
});

const verbs = () => farm.calls.map((call) => call.replace(`virsh -q -c ${uri} `, ""));

test.each([
  ["shut off", "start"],
  ["crashed", "start"],
  ["paused", "resume"],
  ["pmsuspended", "dompmwakeup"],
  ["panicked", "reset"],
])("resumes a VM that is '%s' with virsh %s, once", async (state, verb) => {
  farm.program("virsh");
  expect(await start(farm.context(), uri, "dev.worker1", state)).toBeUndefined();
  expect(verbs()).toEqual([`${verb} dev.worker1`]);
});

test("reports a VM that does not start with libvirt's last error, and does not retry", async () => {
  farm.program(
    "virsh",
    "echo \"error: Failed to start domain 'dev.worker1'\" >&2; echo 'error: Cannot access storage file' >&2; exit 1",
  );
  expect(await start(farm.context(), uri, "dev.worker1", "shut off")).toBe("Cannot access storage file");
  expect(verbs()).toHaveLength(1);
});

test("starts a VM in shutdown once it is off", async () => {
  farm.program("virsh", `[ -e "$here/off" ] || { : >"$here/off"; echo 'error: domain is running' >&2; exit 1; }`);
  expect(await start(farm.context(), uri, "dev.worker1", "in shutdown")).toBeUndefined();
  expect(verbs()).toEqual(["start dev.worker1", "start dev.worker1"]);
});

test("gives up a shutdown that does not end after a minute, with the reason", async () => {
  farm.program("virsh", "echo 'error: domain is already running' >&2; exit 1");
  let now = 0;
  jest.spyOn(Date, "now").mockImplementation(() => (now += 61_000));
  expect(await start(farm.context(), uri, "dev.worker1", "in shutdown")).toBe("domain is already running");
});

test("reports an isolated hypervisor that does not run", async () => {
  farm.state("hypervisor", "isolated\n");
  expect(await start(farm.context(), uri, "dev.worker1", "shut off")).toMatch(/hypervisor is not running/);
});
