import {
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canAccess, replaceFile, timeOf } from "../../../../cli/base/files";
import { withPrivateFolder } from "../../../../cli/base/private-folder";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "base-"));
  file = join(folder, "Pulumi.dev.yaml");
  writeFileSync(file, "config: {}\n");
  chmodSync(file, 0o640);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("replaceFile sets the new text and mode, whatever the umask and whatever an interrupted process left", () => {
  writeFileSync(`${file}.new`, "half a te", { mode: 0o600 });
  const umask = process.umask(0o077);
  try {
    replaceFile(file, "config: { a: b }\n");
  } finally {
    process.umask(umask);
  }
  expect(readFileSync(file, "utf8")).toBe("config: { a: b }\n");
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(existsSync(`${file}.new`)).toBe(false);
});

test("replaceFile keeps the previous text if it cannot write the new one", () => {
  mkdirSync(`${file}.new`);
  expect(() => {
    replaceFile(file, "config: { a: b }\n");
  }).toThrow("EISDIR");
  expect(readFileSync(file, "utf8")).toBe("config: {}\n");
});

test("a missing file is older than every other", () => {
  utimesSync(file, 1, 1);
  expect([timeOf(join(folder, "missing")), timeOf(file)]).toEqual([0, 1000]);
});

test("a program is found only if it is executable", () => {
  expect(canAccess(file, constants.X_OK)).toBe(false);
  chmodSync(file, 0o755);
  expect(canAccess(file, constants.X_OK)).toBe(true);
  expect(canAccess(join(folder, "missing"), constants.X_OK)).toBe(false);
});

describe("a private folder", () => {
  test("is readable by its owner alone, and removed after the work", async () => {
    const seen = await withPrivateFolder((path) => {
      writeFileSync(join(path, "events.json"), "a secret");
      return Promise.resolve({ path, mode: statSync(path).mode & 0o777 });
    }, folder);
    expect(seen.mode).toBe(0o700);
    expect(existsSync(seen.path)).toBe(false);
  });

  test("is removed after a failure, and the error is kept", async () => {
    let path = "";
    const work = withPrivateFolder((its) => {
      path = its;
      return Promise.reject(new Error("pulumi failed"));
    }, folder);
    await expect(work).rejects.toThrow("pulumi failed");
    expect([path.startsWith(folder), existsSync(path)]).toEqual([true, false]);
  });

  test("starts no work without space for it, and the message names the path", async () => {
    const work = jest.fn();
    await expect(withPrivateFolder(work, join(folder, "missing"))).rejects.toThrow(
      `there is no room in ${join(folder, "missing")} for the event log: nothing was changed`,
    );
    expect(work).not.toHaveBeenCalled();
  });
});
