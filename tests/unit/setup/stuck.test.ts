import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stuck-"));
  copyFileSync("/bin/sleep", join(folder, "terraform-provider-libvirt"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A provider that ends after some seconds, and has had a seed open for some minutes. */
const provider = (seconds: number, minutes: number) =>
  `bash -c 'exec 9>>$0/cloudinit1; touch -d "${String(minutes)} minutes ago" $0/cloudinit1; exec $0/terraform-provider-libvirt ${String(seconds)}' ${folder}`;

function sh(text: string) {
  const program = `set -euo pipefail\nexec 3>&2\n. ${repository}/setup/stuck.sh\n${text}`;
  return spawnSync("bash", ["-c", program], { encoding: "utf8", timeout: 50_000 }).status;
}

test("a provider that does not come to the end of a seed is ended, and it is said that one can try again", () => {
  expect(sh(`watched ${provider(50, 5)}`)).toBe(75);
});

test("one that has just begun is left alone, and how the run ended is passed on", () => {
  expect(sh(`watched ${provider(7, 0)}`)).toBe(0);
  expect(sh("watched false")).toBe(1);
});

test("another run's provider is left alone", () => {
  expect(sh(`${provider(12, 5)} & theirs=$!; watched sleep 7; wait $theirs`)).toBe(0);
});
