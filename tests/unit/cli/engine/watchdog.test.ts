import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hungProviders, withWatchdog } from "../../../../cli/engine/watchdog";

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), "proc-"));
});
afterEach(() => {
  rmSync(proc, { recursive: true });
});

/** A process that has a file open since some seconds. */
function process(pid: number, run: string, file: string, seconds: number): void {
  const folder = join(proc, String(pid));
  mkdirSync(join(folder, "fd"), { recursive: true });
  writeFileSync(join(folder, "environ"), `HOME=/root\0FARM_RUN=${run}\0`);
  const path = join(proc, `${pid}-${file}`);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "");
  utimesSync(path, new Date(), new Date(Date.now() - seconds * 1000));
  symlinkSync(path, join(folder, "fd", "7"));
}

test("a provider of this run hangs if it has had a seed open for two minutes", () => {
  process(1, "mine", "x/cloudinit-a", 121);
  process(2, "mine", "x/cloudinit-b", 60);
  process(3, "another", "x/cloudinit-c", 500);
  process(4, "mine", "x/disk", 500);
  process(5, "mine", "x/cloudinit-d", 500);
  const nameOf = (pid: string) => (pid === "5" ? "virsh" : "terraform-provi");
  expect(hungProviders("mine", { proc, nameOf })).toEqual([1]);
});

test("a run exits with its own status, or with 75 after a provider is killed", async () => {
  const work = async () => {
    await sleep(50);
    return 3;
  };
  expect(await withWatchdog(work, { hung: () => [], kill: () => undefined, milliseconds: 5 })).toBe(3);
  const killed: number[] = [];
  expect(await withWatchdog(work, { hung: () => [7], kill: (pid) => void killed.push(pid), milliseconds: 5 })).toBe(75);
  expect(killed[0]).toBe(7);
});

test("providers inherit the name of the run", async () => {
  expect(
    Object.keys(await new Promise<object>((resolve) => void withWatchdog((run) => (resolve(run), Promise.resolve(0))))),
  ).toEqual(["FARM_RUN"]);
});
