import { bootScript } from "../../../infra/swarm/power";
import { runWith } from "../../support/fake-programs";
import { syntaxError } from "../../support/sh";

/** Waits for worker1, whose ssh fails with these messages, one each time, before it answers; the last stays with `forever`. */
function boot(
  failures: readonly string[],
  options: { forever?: boolean; seconds?: number; console?: readonly string[] } = {},
) {
  const { forever = false, seconds = 60, console } = options;
  const ssh = `read -r at <"$here/at"
echo "$((at + 1))" >"$here/at"
${forever ? '[ -e "$here/say.$at" ] || at=$((at - 1))' : ""}
[ ! -e "$here/say.$at" ] || { cat "$here/say.$at" >&2; exit 255; }`;
  const said = Object.fromEntries(failures.map((failure, i) => [`say.${String(i)}`, [failure]]));
  const { status, stderr } = runWith(
    bootScript("ssh worker1", "worker1", "console.log", seconds),
    { ssh },
    { files: { at: ["0"], ...said, ...(console ? { "console.log": console } : {}) } },
  );
  return { status, stderr };
}

const refused = "ssh: connect to host 10.77.0.21 port 22: Connection refused";

test("the script is well-formed", () => {
  expect(syntaxError(bootScript("ssh worker1", "worker1", "/var/log/it's.log", 600))).toBe("");
});

test("a machine that is still booting is asked again until it answers", () => {
  expect(boot([refused, refused])).toEqual({ status: 0, stderr: "" });
});

test("one that never answers is told with the time, the last answer and the end of its console", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${String(i)}\r`);
  expect(boot([refused], { forever: true, seconds: 0, console: [...lines, "Kernel panic: no root"] })).toEqual({
    status: 1,
    stderr: [
      `waited 0 s for worker1 to answer ssh: ${refused}`,
      "  its console said last (console.log):",
      ...Array.from({ length: 14 }, (_, i) => `    line ${String(i + 6)}`),
      "    Kernel panic: no root",
      "",
    ].join("\n"),
  });
});

test("the console of a machine on another hypervisor is told by its place", () => {
  expect(boot([refused], { forever: true, seconds: 0 }).stderr).toContain(
    "  its console is written to console.log on its hypervisor\n",
  );
});

test("another machine in its place is not waited for", () => {
  const changed = "@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@\nHost key verification failed.";
  const { status, stderr } = boot([changed], { forever: true, console: ["worker1 login:"] });
  expect(status).toBe(1);
  expect(stderr.split("\n")[0]).toBe(
    "worker1 answers ssh with another key than its own: another machine has its address",
  );
});
