import { spawnSync } from "node:child_process";
import { waitForLeader } from "../../../../cli/recover/leader";
import { FakeFarm } from "../../../support/fake-farm";

const environment = { FARM_WAIT_SECONDS: "1" };
const noLeader = "Error response from daemon: rpc error: The swarm does not have a leader.";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1", "manager2"]);
});

afterEach(() => {
  farm.remove();
});

test("does not wait if the swarm has a leader, or if there is no farm", async () => {
  farm.ssh(`case $line in true) ;; *'node ls') echo 'id1 manager1' ;; *) exit 9 ;; esac`);
  await waitForLeader(farm.context());
  const none = new FakeFarm().built([]);
  none.ssh("did asked");
  await waitForLeader(none.context());
  expect(none.done).toEqual([]);
  none.remove();
});

test("waits for an election", async () => {
  farm.ssh(
    `case $line in true) ;; *'node ls') [ -e "$here/asked" ] || echo '${noLeader}' >&2; : >"$here/asked" ;; esac`,
  );
  await waitForLeader(farm.context());
});

test("returns if no manager answers, which removes nothing", async () => {
  farm.ssh("exit 255");
  await waitForLeader(farm.context({ environment }));
});

test("says what to do after its timeout without a leader", async () => {
  farm.ssh(`case $line in true) ;; *'node ls') echo '${noLeader}' >&2; exit 1 ;; esac`);
  await expect(waitForLeader(farm.context({ environment }))).rejects.toThrow(
    "waited 1 s for the swarm to have a leader: too few of its managers answer; start the VMs of the others (./farm up --refresh); if they are lost: ./farm recover",
  );
});

test("fails at once if the managers' certificates have expired", async () => {
  const certificate = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null"],
    ...["-subj", "/CN=node", "-days", "1"],
  ]).stdout.toString();
  farm.write("answer", `now=${String(Math.floor(Date.now() / 1000) + 2 * 86_400)}\n${certificate}`);
  farm.ssh(`case $node:$line in manager*+now*) cat "$here/answer" ;; *) exit 255 ;; esac`);
  await expect(waitForLeader(farm.context())).rejects.toThrow(
    /^the swarm's certificates of manager1, manager2 have expired \(\S+\): \.\/farm recover$/,
  );
});
