import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isVacant } from "../../../compose/assemble/home";
import { inFolder } from "../../support/compose/stack-deploy";

test.each([
  ["~/none", true],
  ["~/empty", true],
  ["~/full", false],
  ["~/full/file", false],
  ["~", false],
  ["~somebody/data", false],
  ["none", false],
])("a volume can take the place of '%s': %s", async (path, expected) => {
  await inFolder({ "full/file": "a" }, (home) => {
    mkdirSync(join(home, "empty"));
    expect(isVacant(path, home)).toBe(expected);
  });
});
