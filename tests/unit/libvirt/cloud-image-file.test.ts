import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudImageFile } from "../../../infra/libvirt/cloud-image-file";
import type { CloudImage } from "../../../infra/images/guest-image";

const content = "a whole image";
const sha256 = createHash("sha256").update(content).digest("hex");
const image: CloudImage = { kind: "cloud", name: "a", key: "a", source: "https://example.org/it's.qcow2", sha256 };
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "cloud-image-"));
  mkdirSync(join(cache, "cloud"));
});
afterEach(() => {
  rmSync(cache, { recursive: true });
});

const file = () => join(cache, "cloud", `${sha256}.qcow2`);

/** Runs the script of `image` where curl is this shell text; `$out` is the file that it writes to. */
function run(curl: string, of: CloudImage = image) {
  const program = `curl() { echo "$*" >>${cache}/calls; out=\${5}; ${curl}; }\n${cloudImageFile(of, cache)}`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", program], { encoding: "utf8" });
  const calls = existsSync(join(cache, "calls")) ? readFileSync(join(cache, "calls"), "utf8").trim().split("\n") : [];
  return { status, stdout, stderr, calls };
}

const whole = `printf %s '${content}' >"$out"`;

test("a download is kept under its checksum, and its path printed", () => {
  const { status, stdout, calls } = run(whole);
  expect([status, stdout]).toEqual([0, file()]);
  expect(calls).toEqual([`-fsSL --retry 3 -o ${file()}.part -C - https://example.org/it's.qcow2`]);
  expect(readFileSync(file(), "utf8")).toBe(content);
  expect(run("exit 9").status).toBe(0);
});

test("an interrupted download is not used as an image, and the next run continues it", () => {
  const { status, stderr } = run(`printf 'a whole' >"$out"; return 18`);
  expect(status).toBe(1);
  expect(stderr).toBe(
    `https://example.org/it's.qcow2 could not be downloaded; what arrived is kept, and ./farm up continues it\n`,
  );
  expect(existsSync(file())).toBe(false);
  expect(run(`printf ' image' >>"$out"`).status).toBe(0);
  expect(readFileSync(file(), "utf8")).toBe(content);
});

test("a server that cannot continue a download is asked for all of it", () => {
  writeFileSync(`${file()}.part`, "a wh");
  const { status, calls } = run(`case "$*" in *" -C "*) return 33 ;; esac; ${whole}`);
  expect([status, calls.length]).toEqual([0, 2]);
  expect(readFileSync(file(), "utf8")).toBe(content);
});

test("half a file of an older download is downloaded again", () => {
  writeFileSync(file(), "a wh");
  expect(run(whole).status).toBe(0);
  expect(readFileSync(file(), "utf8")).toBe(content);
});

test("a download with another checksum is removed, and the message says so", () => {
  const { status, stderr } = run(`printf other >"$out"`);
  expect(status).toBe(1);
  expect(stderr).toBe(
    "image.sha256 does not match what https://example.org/it's.qcow2 gives: check both; the file is removed, and downloaded again next time\n",
  );
  expect([existsSync(file()), existsSync(`${file()}.part`)]).toEqual([false, false]);
});

test("of two hosts with one image, one downloads it", () => {
  const program = cloudImageFile(image, cache);
  const slow = `curl() { echo x >>${cache}/calls; sleep 0.3; ${whole.replace("$out", "$5")}; }\n`;
  const both = `(${slow}${program}) & (${slow}${program}) & wait`;
  const { stdout } = spawnSync("sh", ["-c", both], { encoding: "utf8" });
  expect(stdout).toBe(file().repeat(2));
  expect(readFileSync(join(cache, "calls"), "utf8")).toBe("x\n");
});

test("a local file stays where it is, and is refused with another checksum", () => {
  const source = join(cache, "local.qcow2");
  writeFileSync(source, content);
  expect(run("return 1", { ...image, source })).toMatchObject({ status: 0, stdout: source, calls: [] });
  writeFileSync(source, "other");
  const { status, stderr } = run("return 1", { ...image, source });
  expect([status, stderr]).toEqual([1, `image.sha256 does not match ${source}: check both\n`]);
  expect(existsSync(source)).toBe(true);
});
