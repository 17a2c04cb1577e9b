import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { imagesOf } from "../../../compose/dockerfile";
import { readCompose } from "../../../compose/read";
import { describe as toText } from "../../../compose/model/findings";
import { file, type Refusals, refusedOf } from "../../support/compose/refused";
import { read } from "../../support/compose/compare";
import { inFolder } from "../../support/compose/stack-deploy";

const dockerfile = { "app/Dockerfile": "FROM scratch\n" };
const build = (text: string) =>
  file(`services:\n  web:\n    build:\n      context: ./app\n      ${text}\n`, dockerfile);

const refusals: Refusals = {
  "a context that is not there": [
    file("services:\n  web:\n    build: ./ap\n", dockerfile),
    "compose.yaml:3: services.web.build: the context './ap' cannot be read: there is no such file; name a folder of this project, relative to the compose file",
  ],
  "a context outside of the folder": [
    file("services:\n  web:\n    build:\n      context: ../app\n"),
    "compose.yaml:4: services.web.build.context: the context '../app' is outside of the project; name a folder of this project, relative to the compose file",
  ],
  "a context that is a file": [
    file("services: {web: {build: app/Dockerfile}}", dockerfile),
    "compose.yaml:1: services.web.build: the context 'app/Dockerfile' is a file; name a folder of this project, relative to the compose file",
  ],
  "a repository as context": [
    file("services: {web: {build: https://github.com/a/b.git}}"),
    "compose.yaml:1: services.web.build: the context 'https://github.com/a/b.git' is no folder beside the file; put it there, and write a path below the file's folder",
  ],
  "a context without a Dockerfile": [
    file("services: {web: {build: app}}", { "app/Dockerfile.prod": "FROM scratch" }),
    "compose.yaml:1: services.web.build: 'app/Dockerfile' cannot be read: there is no such file; write the Dockerfile there, or name it in 'dockerfile', relative to the context",
  ],
  "a Dockerfile that is not there": [
    build("dockerfile: Dockerfile.prod"),
    "compose.yaml:5: services.web.build.dockerfile: 'app/Dockerfile.prod' cannot be read: there is no such file; write the Dockerfile there, or name it in 'dockerfile', relative to the context",
  ],
  "a Dockerfile without FROM": [
    file("services: {web: {build: app}}", { "app/Dockerfile": "RUN true\n" }),
    "compose.yaml:1: services.web.build: 'app/Dockerfile' has no 'FROM'; begin it with the image that it is built from",
  ],
  "another platform": [
    build("platforms: [linux/amd64, linux/arm64]\n    platform: linux/arm64"),
    "compose.yaml:5: services.web.build.platforms[1]: 'linux/arm64' is not the platform of the nodes, linux/amd64, for which images are built; leave it out",
    "compose.yaml:6: services.web.platform: 'build' makes images for linux/amd64, the platform of the nodes, and not for 'linux/arm64'; leave 'platform' out",
  ],
  "a key that the farm's builds do not have": [
    build("secrets: [a]\n      cache_from: [b]\n      ssh: [default]"),
    "compose.yaml:5: services.web.build.secrets: the farm's builds have no secrets; build the image elsewhere and name it in 'image'",
    "compose.yaml:7: services.web.build.ssh: the farm's builds have no SSH agent; build the image elsewhere and name it in 'image'",
  ],
  "one name of two images": [
    file("services:\n  a: {image: x, build: app}\n  b: {image: x, build: {context: app, target: t}}\n", dockerfile),
    "compose.yaml:3: services.b.image: 'x' is already the name of the image that is built at compose.yaml:2; give each its own name, or leave 'image' out",
  ],
};

test.each(Object.entries(refusals))(
  "%s is refused with file, line and what to do",
  async (_name, [one, ...messages]) => {
    expect(await refusedOf(one)).toEqual(messages);
  },
);

test("what changes how an image is built, and not what is in it, is taken", async () => {
  const one = build(
    "cache_from: [b]\n      pull: true\n      network: host\n      tags: ['a:1']\n      provenance: false",
  );
  const { findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  const keys = ["cache_from", "pull", "network", "tags", "provenance"].map((key) => `services.web.build.${key}`);
  expect(findings.filter(({ outcome }) => outcome === "improved").map(({ path }) => path)).toEqual(
    expect.arrayContaining(keys),
  );
});

test("a context that leads outside by a link is refused", async () => {
  const one = file("services: {web: {build: out}}");
  expect(
    await refusedOf(one, (folder) => {
      symlinkSync("/etc", join(folder, "out"));
    }),
  ).toEqual([
    "compose.yaml:1: services.web.build: the context 'out' leads outside of the project by a link; name a folder of this project, relative to the compose file",
  ]);
});

test("a context beside the compose file's folder is taken, and a finding says what can get into the image", async () => {
  const files = {
    "deploy/compose.yaml": "services: {web: {build: ../app}, all: {build: {context: .., dockerfile: app/Dockerfile}}}",
    ...dockerfile,
  };
  const { application, findings } = await inFolder(files, (folder) =>
    readCompose({ name: "shop", folder, files: ["deploy/compose.yaml"] }),
  );
  const builds = application?.services.map(({ build: built }) => [built?.context, built?.dockerfile]);
  expect(builds).toEqual([
    ["..", "../app/Dockerfile"],
    ["../app", "../app/Dockerfile"],
  ]);
  expect(findings.map(toText)).toContain(
    "deploy/compose.yaml:1: services.web.build: the context '../app' is outside of the compose file's folder: what its .dockerignore leaves in can get into the image",
  );
});

test("an argument with a secret variable is refused, as a value, in a list and by its name alone", async () => {
  const text =
    "services:\n  web:\n    build:\n      context: app\n      args:\n        - A=x$TOKEN\n        - TOKEN\n        - B=1\n";
  const { findings } = await inFolder(file(text, dockerfile).files, (folder) =>
    readCompose({ name: "shop", folder, files: ["compose.yaml"], variables: { TOKEN: { kind: "secret" } } }),
  );
  const reason = "the variable 'TOKEN' is secret, and everybody who has the image can read its arguments";
  expect(findings.filter(({ outcome }) => outcome === "refused").map(toText)).toEqual(
    [6, 7].map(
      (line) =>
        `compose.yaml:${String(line)}: services.web.build.args[${String(line - 6)}]: ${reason}; give it to the service, with 'secrets'`,
    ),
  );
});

test("a later file's build is merged key by key, and an argument without a value is the variable of its name", async () => {
  const files = {
    "compose.yaml": "services: {web: {build: {context: app, args: {A: 1, B: 2, C: , D: }}}}",
    "compose.prod.yaml": "services: {web: {build: {target: prod, args: {B: 3}}}}",
    ...dockerfile,
  };
  const { application } = await inFolder(files, (folder) => read(folder, { files, variables: { C: "4" } }));
  expect(application?.services[0]?.build).toMatchObject({
    context: "app",
    target: "prod",
    args: { A: "1", B: "3", C: "4" },
  });
});

test("a service with the name of a built image runs that one", async () => {
  const text = "services: {a: {image: shop/app, build: app}, b: {image: shop/app}, c: {image: other:1}}";
  const one = file(text, dockerfile);
  const { application } = await inFolder(one.files, (folder) => read(folder, one));
  expect(application?.services.map(({ build: built }) => built?.context)).toEqual(["app", "app", undefined]);
});

test("lists the images in a Dockerfile, with arguments replaced", () => {
  const text = `# syntax=docker/dockerfile:1
ARG VERSION=22
ARG BASE="node:\${VERSION}-slim"
FROM --platform=linux/amd64 \${BASE} AS build
ARG VERSION=99
FROM swarm-farm/base \\
  AS Last
COPY --from=build /a /a
COPY --chown=1 --from=0 /a /a
copy --from=nginx:1.29 /a /a
RUN --mount=type=bind,from=tools:1,target=/t true
FROM last
FROM scratch
FROM \${OTHER:-alpine:3}
`;
  const found = (args: Readonly<Record<string, string>>) =>
    imagesOf(text, args).map(({ image, line }) => `${String(line)} ${image}`);
  expect(found({})).toEqual(["4 node:22-slim", "6 swarm-farm/base", "10 nginx:1.29", "11 tools:1", "14 alpine:3"]);
  expect(found({ VERSION: "24", OTHER: "unknown" })).toContain("4 node:24-slim");
});
