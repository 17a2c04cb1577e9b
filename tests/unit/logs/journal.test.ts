import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/sources";
import { until } from "../../live/until";

/** images/journal-upload/upload, with a program in place of systemd-journal-upload. */
describe("the sender of a node's journal", () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const calls = join(folder, "calls");
  const recipe = join(repository, "stacks/logs/images/journal-upload/upload");

  const run = (program: string) => {
    const fake = join(folder, "systemd-journal-upload");
    writeFileSync(fake, `#!/bin/sh\necho "$*" >>${calls}\n${program}\n`);
    chmodSync(fake, 0o755);
    const script = readFileSync(recipe, "utf8").replace("/usr/lib/systemd", folder).replace("sleep 5", "sleep 0.1");
    const child = spawn("sh", ["-c", script], {
      env: { ...process.env, URL: "http://logs-store:9428/insert/journald" },
    });
    return { child, ended: new Promise<number | null>((resolve) => child.on("close", resolve)) };
  };
  const count = () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n").length : 0);

  afterEach(() => {
    rmSync(calls, { force: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("sends all journals to the store, and remembers how far it came", async () => {
    const { child, ended } = run("exec sleep 60");
    await until("the program", () => Promise.resolve(count() === 1));
    expect(readFileSync(calls, "utf8").trim()).toBe(
      "--merge --url=http://logs-store:9428/insert/journald --save-state=/var/lib/swarm-farm/journal-position",
    );
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  test("starts the program again when it ends, since the store is away", async () => {
    const { child, ended } = run("exit 1");
    await until("three attempts", () => Promise.resolve(count() >= 3));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});
