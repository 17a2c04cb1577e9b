import { tmpdir } from "node:os";
import { join } from "node:path";
import { needSpace } from "../../../../cli/base/space";

test("accepts a size that fits, also in a folder that does not exist yet", () => {
  expect(() => {
    needSpace(join(tmpdir(), "not", "there", "yet"), 1, "building images");
  }).not.toThrow();
});

test("refuses a step that would fill the disk, with the sizes and a remedy", () => {
  expect(() => {
    needSpace(join(tmpdir(), "not-there"), 1e12, "building images");
  }).toThrow(
    /^building images needs 1000000000000 MiB in .*, \d+ MiB are free: free some space or set XDG_CACHE_HOME and XDG_STATE_HOME$/,
  );
});
