import { shellOn, tunnelScript } from "../../../infra/libvirt/vxlan";
import { runWith } from "../../support/fake-programs";
import { syntaxError } from "../../support/sh";

const args = {
  farm: "dev",
  uri: "qemu:///system",
  tunnel: { address: "192.168.1.10", peers: ["192.168.1.11", "192.168.1.12"] },
  network: { name: "swarm-farm-dev", resource: {} as never },
};

/** Runs the script where a folder takes the place of libvirt's own. */
function run(what: "install" | "remove", root = true) {
  return runWith(
    tunnelScript(args).replaceAll("/etc/libvirt", "./etc"),
    { id: `echo ${root ? "0" : "1000"}`, ip: "", bridge: "" },
    { args: [what] },
  );
}

const forgotten = "ip link del sfx-ef260e9a";

test("the script is well-formed", () => {
  expect(syntaxError(tunnelScript(args))).toBe("");
});

test("it joins the network to every other host, and leaves a hook that does the same when the network starts", () => {
  const { status, stderr, calls } = run("install");
  expect([status, stderr]).toEqual([0, ""]);
  expect(calls.filter((call) => !call.startsWith("id "))).toEqual([
    forgotten,
    "ip link add sfx-ef260e9a type vxlan id 15672846 local 192.168.1.10 dstport 4789",
    "bridge fdb append 00:00:00:00:00:00 dev sfx-ef260e9a dst 192.168.1.11",
    "bridge fdb append 00:00:00:00:00:00 dev sfx-ef260e9a dst 192.168.1.12",
    "ip link set sfx-ef260e9a mtu 1500 master sf-dev up",
  ]);
});

test("it removes its own resources", () => {
  expect(run("remove").calls.filter((call) => !call.startsWith("id "))).toEqual([forgotten]);
});

test("requires root, and says so", () => {
  const { status, stderr, calls } = run("install", false);
  expect([status, calls]).toEqual([1, ["id -u"]]);
  expect(stderr).toBe("connecting the farm's hosts takes root on each: use root@ in hosts.<name>.uri\n");
});

test.each([
  ["qemu:///system", "sh -s"],
  ["qemu+unix:///system?socket=/run/other", "sh -s"],
  ["qemu+ssh://root@kvm1/system", "ssh -o BatchMode=yes -o ConnectTimeout=20 -o LogLevel=ERROR root@kvm1 sh -s"],
  [
    "qemu+ssh://kvm1.example.com:2222/system?keyfile=/root/it's&no_verify=1",
    "ssh -o BatchMode=yes -o ConnectTimeout=20 -o LogLevel=ERROR -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i '/root/it'\\''s' -p 2222 kvm1.example.com sh -s",
  ],
])("where %s is, a script runs by '%s'", (uri, shell) => {
  expect(shellOn(uri)).toBe(shell);
});

test.each([
  ["", false],
  ["?no_verify=0", false],
  ["?no_verify=1", true],
])("checks a host's key with '%s' in its URI, unless no_verify is set", (query, trusting) => {
  expect(shellOn(`qemu+ssh://root@kvm1/system${query}`).includes("StrictHostKeyChecking=no")).toBe(trusting);
});
