import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSchema, schemaInputs } from "../support/package-schema";
import { pluginFile } from "../support/plugin-file";
import { repository } from "../support/program";
import { builtPluginInputs } from "../support/provider-schema";
import { readInterfaces, sdkInputs } from "../support/sdk-types";
import { sources } from "../support/sources";

const sdk = join(repository, "node_modules", "@pulumi", "docker");
const schemaFile = pluginFile("schema.json");

/** Parts of Docker's provider that the farm uses: the arguments' interface, its file, and the resource in the schema, none for the provider. */
const used: [args: string, file: string, token: string][] = [
  ["ServiceArgs", "service.d.ts", "docker:index/service:Service"],
  ["NetworkArgs", "network.d.ts", "docker:index/network:Network"],
  ["SecretArgs", "secret.d.ts", "docker:index/secret:Secret"],
  ["ServiceConfigArgs", "serviceConfig.d.ts", "docker:index/serviceConfig:ServiceConfig"],
  ["ProviderArgs", "provider.d.ts", ""],
];

// The official plugin carries its schema inside; only the one that `./farm setup` builds has it beside itself.
const comparing = existsSync(schemaFile) ? test : test.skip;

comparing.each(used)(
  `%s of @pulumi/docker is what the built plugin takes (skipped without ${schemaFile})`,
  (args, file, token) => {
    const accepted = schemaInputs(readSchema(schemaFile), token);
    expect(accepted.length).toBeGreaterThan(1);
    const known = sdkInputs(readInterfaces(join(sdk, file), join(sdk, "types", "input.d.ts")), args);
    expect(args === "ServiceArgs" ? [...known, ...builtPluginInputs].sort() : known).toEqual(accepted);
  },
);

test("no other resource of Docker's is used: its inputs would be compared by nobody", () => {
  const made = sources("infra", "stacks").flatMap(({ text }) =>
    [...text.matchAll(/(?:new|class \w+ extends) docker\.(\w+)\b/g)].map((match) => `${match[1] ?? ""}Args`),
  );
  expect([...new Set(made)].sort()).toEqual(used.map(([args]) => args).sort());
});
