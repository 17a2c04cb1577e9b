import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe as toText } from "../../compose";
import { readApplication } from "../../infra/compose/read";
import { checkAll } from "../../stacks/config";
import { stacks } from "../../stacks/index";
import { plansOf } from "../../stacks/plans";
import { withStacks } from "../support/configs";
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

/** The images of an example that are built, each with its services and the images that it begins with. */
function buildsOf(name: string): string[] {
  const stack = { file: `examples/${name}/compose.yaml`, variables: { PASSWORD: "secret" } };
  const { config, files } = checkAll(withStacks({ stacks: { [name]: stack } }), repository);
  const { builds } = plansOf(stacks, { ...config }, files);
  return builds.map(({ services, build }) => {
    const bases = build.bases.map(({ image }) => image);
    return `${build.context} for ${services.join(", ")}, from ${bases.join(", ")}`;
  });
}

test.each([
  ["cron", ["job for cron, from swarm-farm/base"]],
  [
    "voting",
    [
      "database for database, from swarm-farm/base",
      "queue for queue, from swarm-farm/base",
      "app for result, vote, worker, from swarm-farm/base",
    ],
  ],
  ["uploads", ["app for php, from swarm-farm/php"]],
  ["websocket", ["server for counter, from swarm-farm/base"]],
])("examples/%s is deployable, and services that are the same program share an image", (name, builds) => {
  expect(buildsOf(name).sort()).toEqual([...builds].sort());
});
