import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootScript } from "../../../infra/swarm/power";
import { syntaxError } from "../../support/sh";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fake-ssh-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Waits for worker1, whose ssh fails with these messages, one each time, before it answers; the last stays with `forever`. */
function boot(failures: readonly string[], options: { forever?: boolean; seconds?: number; console?: string } = {}) {
  const { forever = false, seconds = 60, console } = options;
  const log = join(folder, "console.log");
  if (console !== undefined) writeFileSync(log, console);
  for (const [i, failure] of failures.entries()) writeFileSync(join(folder, `say.${String(i)}`), `${failure}\n`);
  const ssh = `#!/bin/sh
at=0
[ ! -e ${folder}/at ] || read -r at <${folder}/at
echo "$((at + 1))" >${folder}/at
${forever ? `[ -e ${folder}/say.$at ] || at=$((at - 1))` : ""}
echo "$*" >>${folder}/calls
[ ! -e ${folder}/say.$at ] || { cat ${folder}/say.$at >&2; exit 255; }
`;
  writeFileSync(join(folder, "ssh"), ssh, { mode: 0o755 });
  writeFileSync(join(folder, "sleep"), "#!/bin/sh\nexec /bin/sleep 0.05\n", { mode: 0o755 });
  const { status, stderr } = spawnSync("sh", ["-c", bootScript("worker1", log, seconds)], {
    encoding: "utf8",
    env: { ...process.env, CONFIG: "/ssh/config", NODE: "worker1", PATH: `${folder}:${process.env.PATH ?? ""}` },
  });
  return { status, stderr: stderr.replaceAll(folder, "") };
}

const refused = "ssh: connect to host 10.77.0.21 port 22: Connection refused";

test("the script is well-formed", () => {
  expect(syntaxError(bootScript("worker1", "/var/log/it's.log", 600))).toBe("");
});

test("a machine that is still booting is asked again until it answers", () => {
  expect(boot([refused, refused])).toEqual({ status: 0, stderr: "" });
});

test("one that never answers is told with the time, the last answer and the end of its console", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${String(i)}\r\n`).join("");
  expect(boot([refused], { forever: true, seconds: 0, console: `${lines}Kernel panic: no root` })).toEqual({
    status: 1,
    stderr: [
      `waited 0 s for worker1 to answer ssh: ${refused}`,
      "  its console said last (/console.log):",
      ...Array.from({ length: 14 }, (_, i) => `    line ${String(i + 6)}`),
      "    Kernel panic: no root",
    ].join("\n"),
  });
});

test("the console of a machine on another hypervisor is told by its place", () => {
  expect(boot([refused], { forever: true, seconds: 0 }).stderr).toContain(
    "  its console is written to /console.log on its hypervisor\n",
  );
});

test("another machine in its place is not waited for", () => {
  const changed = "@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@\nHost key verification failed.";
  const { status, stderr } = boot([changed], { forever: true, console: "worker1 login:" });
  expect(status).toBe(1);
  expect(stderr.split("\n")[0]).toBe(
    "worker1 answers ssh with another key than its own: another machine has its address",
  );
});
