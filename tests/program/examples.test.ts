import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe as toText } from "../../compose";
import { readApplication } from "../../infra/compose/read";
import { repository } from "../support/sources";

/** Folders of examples/ with a compose file. */
const examples = readdirSync(join(repository, "examples")).filter((name) =>
  existsSync(join(repository, "examples", name, "compose.yaml")),
);

test.each(examples)("examples/%s is read without a refusal", (name) => {
  const found = readApplication({
    name,
    folder: repository,
    files: [`examples/${name}/compose.yaml`],
    variables: { PASSWORD: { kind: "secret" } },
    profiles: [],
  });
  expect(found.kind === "refused" ? found.problems.map(toText) : []).toEqual([]);
});
