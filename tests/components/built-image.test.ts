import type * as pulumi from "@pulumi/pulumi";
import type { ComposeBuild } from "../../compose";
import { builtImage } from "../../infra/images/built";
import { repository } from "../../infra/images/content";
import { Authority } from "../../infra/keys/authority";
import { Puller } from "../../infra/registry/puller";
import { Registry } from "../../infra/registry/registry";
import { Swarm } from "../../infra/swarm/swarm";
import { withNames } from "../support/configs";
import { find, record, valueOf } from "../support/mocks";
import { farmOf, folders, recipes } from "../support/samples";

const build: ComposeBuild = {
  folder: repository,
  context: "images/base",
  dockerfile: "images/base/Containerfile",
  args: {},
  bases: [],
  at: { file: "compose.yaml", line: 3 },
};

test("an image that a stack builds is pushed as the farm's own are, signature and all, once for its services", async () => {
  let names: readonly string[] = [];
  let images: Record<string, pulumi.Output<string>> = {};
  const resources = await record(() => {
    const authority = new Authority("authority", { farm: "dev", rotation: 1 });
    const swarm = new Swarm("swarm", {
      farm: farmOf(withNames("manager1")),
      registries: [],
      authority: authority.cert,
    });
    const puller = new Puller("registry-login", 1);
    const registry = new Registry("registry", { swarm, folders, recipes, authority, puller });
    images = { web: registry.built("shop", build), admin: registry.built("shop", build) };
    names = registry.images;
  });
  const { name, key } = builtImage("shop", build, "/cache", recipes);
  const { inputs, ignoreChanges } = find(resources, `${name}-push`);
  expect(inputs.environment).toMatchObject({
    RUN: `${repository}/images/push`,
    KEY: "/config/signing/image.pub",
    FOLDER: "/cache/images",
    IMAGE: `${name}-${key}`,
    NAME: name,
  });
  // Another content, another disk: pushed again.
  expect(inputs.triggers).toEqual(expect.arrayContaining([key, "manager1-domain-id"]));
  expect(ignoreChanges).toEqual(expect.arrayContaining(["environment.KEY", "environment.FOLDER"]));
  const reference = `registry.internal:5000/swarm-farm/${name}@sha256:${key}`;
  expect(await valueOf(images)).toEqual({ web: reference, admin: reference });
  // The cleanup keeps what the state names.
  expect(names).toEqual([name]);
});
