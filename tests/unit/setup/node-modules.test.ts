import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "node-modules-"));
  mkdirSync(join(folder, "sdks", "libvirt"), { recursive: true });
  mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
  writeFileSync(join(folder, "package-lock.json"), "{}");
  writeFileSync(join(folder, "sdks", "libvirt", "package.json"), "{}");
  const compiler = '#!/bin/sh\nmkdir -p "$2/bin" && : >"$2/bin/index.js"\n';
  writeFileSync(join(folder, "node_modules", ".bin", "tsc"), compiler, { mode: 0o755 });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Whether `./farm setup` installs the node modules. */
function installs(): boolean {
  const program = `
    set -euo pipefail
    . ${repository}/setup/say.sh
    . ${repository}/setup/packages.sh
    REPO=${folder}
    need_space() { :; }
    npm() { echo installed >&2; }
    note() { :; }
    progress() { :; }
    content_hash() { cat "$@"; }
    setup_node_modules`;
  const { stderr, status } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
  expect(status).toBe(0);
  return stderr.includes("installed");
}

test("modules are installed once, and again for another lock file", () => {
  expect([installs(), installs()]).toEqual([true, false]);
  writeFileSync(join(folder, "package-lock.json"), '{"name":"other"}');
  expect([installs(), installs()]).toEqual([true, false]);
});

test("they are installed again where they are and the generated SDK is not compiled: they came from another clone", () => {
  installs();
  rmSync(join(folder, "sdks", "libvirt", "bin"), { recursive: true });
  expect([installs(), installs()]).toEqual([true, false]);
});
