import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../../../../cli/process/run";
import { download, isListed, tryDownload } from "../../../../cli/setup/toolchain/download";
import { replaceFolder } from "../../../../cli/setup/toolchain/go";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
});

const sum = (text: string) => createHash("sha256").update(text).digest("hex");

describe("a list of checksums", () => {
  const name = "pulumi-v3-linux-x64.tar.gz";
  const listed = (line: string) => isListed(machine.write("sums", line), name, machine.write("file", "content"));

  test.each([
    ["as text", `${sum("content")}  ${name}`, true],
    ["as binary", `${sum("content")} *${name}\n`, true],
    ["after others", `${sum("other")}  other\n${sum("content")}  ${name}\n`, true],
    ["with another checksum", `${sum("other")}  ${name}\n`, false],
    ["under another name", `${sum("content")}  not-${name}\n`, false],
    ["nowhere", "", false],
  ])("has a file %s", (_, line, expected) => {
    expect(listed(line)).toBe(expected);
  });
});

describe("a download", () => {
  test("waits 10 s for a connection, and ends once nothing came for 30 s", async () => {
    machine.program("curl");
    await download(machine.step(), "https://get.example/file", "/tmp/file");
    expect(machine.calls).toEqual([
      "curl -fsSL --connect-timeout 10 --speed-limit 1024 --speed-time 30 -o /tmp/file https://get.example/file",
    ]);
  });

  const failing = () => Promise.reject(new CommandError(["curl"], { status: 6, stdout: "", stderr: "no such host" }));

  test("that fails is tried no further, and the log says why", async () => {
    await expect(tryDownload(machine.step(), failing)).resolves.toBe(false);
    expect(machine.log).toContain("curl ended with 6: no such host");
  });

  test("leaves nothing behind, however it ends", async () => {
    const folders: string[] = [];
    const remember = (folder: string) => {
      folders.push(folder);
      writeFileSync(join(folder, "file"), "");
      return Promise.resolve(true);
    };
    await expect(tryDownload(machine.step(), remember)).resolves.toBe(true);
    await tryDownload(machine.step(), (folder) => remember(folder).then(failing));
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  });

  test("that Ctrl-C ended is not followed by a build of 18 minutes", async () => {
    const step = machine.step();
    const context = { ...step.context, signal: AbortSignal.abort() };
    await expect(tryDownload({ ...step, context }, failing)).rejects.toThrow(CommandError);
  });

  test("whose work is wrong is our fault, and said so", async () => {
    await expect(tryDownload(machine.step(), () => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
  });
});

test("a finished folder takes the place of another, or the place where none is", () => {
  machine.write("old/stale");
  machine.write("new/fresh");
  replaceFolder(join(machine.home, "new"), join(machine.home, "old"));
  expect(existsSync(join(machine.home, "old", "stale"))).toBe(false);
  expect(existsSync(join(machine.home, "old", "fresh"))).toBe(true);
  replaceFolder(join(machine.home, "old"), join(machine.home, "not", "there", "yet"));
  expect(existsSync(join(machine.home, "not", "there", "yet", "fresh"))).toBe(true);
});
