import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decidedMode, inFarm, namespaceOf } from "../../../../cli/hypervisor/enter";
import { foldersOf } from "../../../../infra/config/folders";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "farm-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const farm = () => ({ stack: "dev", folders: foldersOf("dev", { HOME: home }) });

test("a command runs unchanged while the farm's hypervisor is undecided or the system's", () => {
  expect(inFarm(farm(), ["virsh", "list"])).toEqual(["virsh", "list"]);
  expect(decidedMode(farm())).toBeUndefined();
});

test("an isolated hypervisor that does not run has an error with the command that starts it", () => {
  mkdirSync(farm().folders.state, { recursive: true });
  writeFileSync(join(farm().folders.state, "hypervisor"), "isolated\n");
  expect(() => inFarm(farm(), ["virsh"])).toThrow("the farm's hypervisor is not running: ./farm up starts it");
});

test("each farm has a namespace of its own", () => {
  expect(namespaceOf(farm())).toMatch(/^farm-dev-[0-9a-f]{6}$/);
  expect(namespaceOf({ ...farm(), folders: foldersOf("dev", { HOME: "/other" }) })).not.toBe(namespaceOf(farm()));
});
