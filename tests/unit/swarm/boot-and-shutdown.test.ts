import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scripts } from "../../../infra/swarm/scripts";
import { runWith } from "../../support/fake-programs";
import { repository } from "../../support/program";
import { syntaxError } from "../../support/sh";

const vm = { FARM: "dev", NODE: "worker1", URI: "qemu:///system", DOMAIN: "dev.worker1" };

/** As the program has it. */
const bootScript = (seconds: number, consoleLog = "console.log") =>
  scripts("boot.sh", {
    ...vm,
    HOST: "local",
    POOL_PATH: "/var/lib/libvirt/swarm-farm-dev",
    CONSOLE_LOG: consoleLog,
    TIMEOUT: seconds,
    WAIT_FOR_DOCKER: scripts("wait-for-docker.sh", { NODE: "worker1" }),
  });

interface Options {
  /** Whether the last failure stays. Default: no. */
  readonly forever?: boolean;
  readonly seconds?: number;
  readonly console?: readonly string[];
  /** States of the VM, one for each query; the last stays. Default: running. */
  readonly states?: readonly string[];
  /** Output of the wait for Docker before it fails. Default: Docker answers. */
  readonly docker?: string;
  /** New line of the console after each reset. Default: none. */
  readonly afterReset?: string;
  /** FARM_WAIT_SECONDS. Default: not set */
  readonly timeout?: string;
}

/** Waits for worker1, whose ssh fails with these messages, one each time, before it answers. */
function boot(failures: readonly string[], options: Options = {}) {
  const {
    forever = false,
    seconds = 60,
    console,
    states = ["running (booted)"],
    docker,
    timeout,
    afterReset,
  } = options;
  const ssh = `case $* in
  *_ping*) [ ! -e "$here/docker" ] || { cat "$here/docker" >&2; exit 1; } ;;
esac
read -r at <"$here/at"
echo "$((at + 1))" >"$here/at"
${forever ? '[ -e "$here/say.$at" ] || at=$((at - 1))' : ""}
[ ! -e "$here/say.$at" ] || { cat "$here/say.$at" >&2; exit 255; }`;
  const virsh = `case $* in
  *resume*) grep -q paused "$here/was" ;;
  *reset*) [ ! -e "$here/panics-again" ] || cat "$here/panics-again" >>"$here/console.log" ;;
  *domstate*) cp "$here/states" "$here/was"; head -n 1 "$here/states"; [ "$(wc -l <"$here/states")" = 1 ] || sed -i 1d "$here/states" ;;
esac`;
  const printed = Object.fromEntries(failures.map((failure, i) => [`say.${String(i)}`, [failure]]));
  const { status, stderr, calls } = runWith(
    bootScript(seconds),
    { ssh, virsh },
    {
      files: {
        at: ["0"],
        states,
        ...printed,
        ...(console ? { "console.log": console } : {}),
        ...(docker === undefined ? {} : { docker: [docker] }),
        ...(afterReset === undefined ? {} : { "panics-again": [afterReset] }),
      },
      ...(timeout === undefined ? {} : { env: { FARM_WAIT_SECONDS: timeout } }),
    },
  );
  return { status, stderr, calls: calls.map(withoutOptions) };
}

/** A call of ssh without its options. */
const withoutOptions = (call: string) => call.replace(/^ssh -F .* -o ConnectTimeout=10 /, "ssh ");

const refused = "ssh: connect to host 10.77.0.21 port 22: Connection refused";
const stuck = "paused (I/O error)";
const resume = "virsh -q -c qemu:///system resume dev.worker1";

test("the script is well-formed", () => {
  expect(syntaxError(bootScript(600, "/var/log/it's.log"))).toBe("");
});

test("a node that is still booting is asked again until it answers, and then its Docker", () => {
  const { status, stderr, calls } = boot([refused, refused]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(calls.filter((call) => call === "ssh worker1 true")).toHaveLength(3);
  const waits = calls.join("\n").replaceAll("\\", "");
  expect(waits).toContain('--unix-socket /run/docker.sock "http://docker/$path"');
  expect(waits).toContain("docker_answers() { ask_docker _ping ");
  expect(waits).toContain('wait_for_docker "$NODE"');
  expect(calls).not.toContain(resume);
});

test("a node that never answers is reported with the time, the last answer and the end of its console", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${String(i)}\r`);
  const { status, stderr } = boot([refused], {
    forever: true,
    seconds: 0,
    console: [...lines, " \r", "\u001b[2J\u001b[0mKernel panic: no root"],
  });
  expect([status, stderr]).toEqual([
    1,
    [
      `waited 0 s for worker1 to answer ssh: ${refused}`,
      "  the end of its console (console.log):",
      ...Array.from({ length: 5 }, (_, i) => `    line ${String(i + 15)}`),
      "    Kernel panic: no root",
      "",
    ].join("\n"),
  ]);
});

test("FARM_WAIT_SECONDS overrides the timeout", () => {
  const { stderr } = boot([refused], { forever: true, seconds: 600, timeout: "0" });
  expect(stderr).toContain(`waited 0 s for worker1 to answer ssh: ${refused}\n`);
});

test("the message fits into the lines that Pulumi's plugin shows, with four lines of Docker's log", () => {
  const plugin = join(repository, "offline", "toolchain", "command", "internal", "failure", "failure.go");
  const shown = Number(/stderrLines = (\d+)/.exec(readFileSync(plugin, "utf8"))?.[1]);
  const docker = ["waited 600 s for docker on worker1 to answer", "1", "2", "3", "4"].join("\n");
  const { stderr } = boot([], { docker, console: Array.from({ length: 99 }, () => "line") });
  expect(stderr.trimEnd().split("\n")).toHaveLength(shown);
});

test("a Docker that does not answer is reported with its log and the console", () => {
  const { status, stderr } = boot([], { docker: "waited 600 s for docker on worker1 to answer", console: ["login:"] });
  expect([status, stderr]).toEqual([
    1,
    "waited 600 s for docker on worker1 to answer\n  the end of its console (console.log):\n    login:\n",
  ]);
});

const panic = "[    2.355832] ---[ end Kernel panic - not syncing: Fatal exception in interrupt ]---\r";
const resets = (calls: readonly string[]) =>
  calls.filter((call) => call === "virsh -q -c qemu:///system reset dev.worker1").length;

test("a VM whose kernel panicked is reset once, whatever the console has later", () => {
  const silent = boot([refused, refused, refused, refused], { console: ["booting", panic] });
  expect([silent.status, resets(silent.calls)]).toEqual([0, 1]);
  const other = boot([refused, refused, refused], { console: [panic], afterReset: "login:" });
  expect([other.status, resets(other.calls)]).toEqual([0, 1]);
  const restartsItself = boot([refused, refused], { console: [panic, "[    2.4] Rebooting in 10 seconds.."] });
  expect([restartsItself.status, resets(restartsItself.calls)]).toEqual([0, 0]);
});

test("a kernel that panics in each boot is not waited for", () => {
  const { status, stderr, calls } = boot(
    Array.from({ length: 5 }, () => refused),
    { console: [panic], afterReset: panic },
  );
  expect([status, resets(calls)]).toEqual([1, 3]);
  expect(stderr).toMatch(/^the kernel of worker1 panicked in 4 boots one after another\n {2}the end of its console/);
});

test("a VM that QEMU paused is not waited for, and its pool is named", () => {
  const { status, stderr } = boot([refused], { forever: true, states: ["running (booted)", stuck] });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^waited \d+ s for worker1 to answer ssh\n/);
  expect(stderr).toContain(
    "  VM paused: storage pool /var/lib/libvirt/swarm-farm-dev on host local (qemu:///system) is full; make room there, then ./farm up\n",
  );
});

test("a VM that is off is not waited for, and the next run starts it", () => {
  const off = "shut off (crashed)";
  const { status, stderr } = boot([refused], { forever: true, states: ["running (booted)", off] });
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining("  its VM is 'shut off (crashed)'; ./farm up starts it\n"),
  ]);
  const again = boot([refused], { states: [off, "running (booted)"] });
  expect([again.status, again.calls.includes("virsh -q -c qemu:///system start dev.worker1")]).toEqual([0, true]);
});

test("a VM that QEMU paused is resumed", () => {
  const { status, calls } = boot([refused], { states: [stuck, "running (unpaused)"] });
  expect([status, calls.includes(resume)]).toEqual([0, true]);
});

test.each([
  [undefined, "  its console is written to console.log on its hypervisor\n"],
  [[], "  its console is empty (console.log)\n"],
])("a console log on another machine is named, an empty one reported as empty", (console, expected) => {
  const options = { forever: true, seconds: 0, ...(console ? { console } : {}) };
  expect(boot([refused], options).stderr).toContain(expected);
});

test("a node with another host key is not waited for", () => {
  const changed = "@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@\nHost key verification failed.";
  const { status, stderr } = boot([changed], { forever: true, console: ["worker1 login:"] });
  expect(status).toBe(1);
  expect(stderr.split("\n")[0]).toBe("worker1 answers ssh with another host key: another machine has its address");
});

test("Docker is shut down on the node's VM, and on none that replaced it or is gone", () => {
  const shutdown = (domuuid: string) => {
    const { status, calls } = runWith(scripts("shutdown.sh", { ...vm, ID: "id1" }), {
      ssh: "exit 255",
      virsh: domuuid,
    });
    return [status, calls.filter((call) => call.startsWith("ssh")).map(withoutOptions)];
  };
  const stop = "ssh worker1 systemctl stop docker.socket docker.service containerd.service; sync";
  expect(shutdown("echo id1")).toEqual([0, [stop]]);
  expect(shutdown("echo id2")).toEqual([0, []]);
  expect(shutdown("exit 1")).toEqual([0, []]);
});
