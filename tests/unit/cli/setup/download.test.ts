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

describe("isListed", () => {
  const name = "pulumi-v3-linux-x64.tar.gz";
  const listed = (line: string) => isListed(machine.write("sums", line), name, machine.write("file", "content"));

  test.each([
    ["as text", `${sum("content")}  ${name}`, true],
    ["as binary", `${sum("content")} *${name}\n`, true],
    ["after others", `${sum("other")}  other\n${sum("content")}  ${name}\n`, true],
    ["with another checksum", `${sum("other")}  ${name}\n`, false],
    ["under another name", `${sum("content")}  not-${name}\n`, false],
    ["that is not listed", "", false],
  ])("checks a file %s", (_, line, expected) => {
    expect(listed(line)).toBe(expected);
  });
});

describe("a download", () => {
  test("has a connect timeout of 10 s, and ends after 30 s without data", async () => {
    machine.program("curl");
    await download(machine.step(), "https://get.example/file", "/tmp/file");
    expect(machine.calls).toEqual([
      "curl -fsSL --connect-timeout 10 --speed-limit 1024 --speed-time 30 -o /tmp/file https://get.example/file",
    ]);
  });

  const failing = () => Promise.reject(new CommandError(["curl"], { status: 6, stdout: "", stderr: "no such host" }));

  test("that fails is not retried, and the log has the reason", async () => {
    await expect(tryDownload(machine.step(), failing)).resolves.toBe(false);
    expect(machine.log).toContain("curl ended with 6: no such host");
  });

  test("removes its folder after success and failure", async () => {
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

  test("that is interrupted throws, so that no build of 18 minutes follows", async () => {
    const step = machine.step();
    const context = { ...step.context, signal: AbortSignal.abort() };
    await expect(tryDownload({ ...step, context }, failing)).rejects.toThrow(CommandError);
  });

  test("with a programming error throws it", async () => {
    await expect(tryDownload(machine.step(), () => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
  });
});

test("replaceFolder replaces a folder, and creates missing parents", () => {
  machine.write("old/stale");
  machine.write("new/fresh");
  replaceFolder(join(machine.home, "new"), join(machine.home, "old"));
  expect(existsSync(join(machine.home, "old", "stale"))).toBe(false);
  expect(existsSync(join(machine.home, "old", "fresh"))).toBe(true);
  replaceFolder(join(machine.home, "old"), join(machine.home, "not", "there", "yet"));
  expect(existsSync(join(machine.home, "not", "there", "yet", "fresh"))).toBe(true);
});
