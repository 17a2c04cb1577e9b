import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe as line, readCompose } from "../../../compose";
import { inFolder } from "../../support/compose/stack-deploy";

const text = `services:
  web:
    image: a
    env_file: ../web.env
    configs: [c]
    volumes: ['../conf/nginx.conf:/nginx.conf', '../conf:/conf:ro', './link:/l']
configs: {c: {file: ../conf/nginx.conf}}
`;

const files = { "apps/shop/compose.yaml": text, "apps/web.env": "A=a\n", "apps/conf/nginx.conf": "x" };
const inProject = (project: string) =>
  inFolder(files, (root) => {
    symlinkSync("../conf/nginx.conf", join(root, "apps/shop/link"));
    const file = project === "." ? "apps/shop/compose.yaml" : "compose.yaml";
    return readCompose({ name: "shop", folder: join(root, project), files: [file] });
  });

test("files of the project beside the folder are read where the path leads there, and told of", async () => {
  const { application, findings } = await inProject(".");
  const [web] = application?.services ?? [];
  expect(web?.environment).toEqual([{ name: "A", value: "a" }]);
  expect(web?.configs.map(({ target }) => target).sort()).toEqual(["/conf/nginx.conf", "/nginx.conf", "c"]);
  expect(findings.filter(({ reason = "" }) => reason.includes("goes to the swarm")).map(line)).toEqual([
    "apps/shop/compose.yaml:4: services.web.env_file: '../web.env' is outside of the compose file's folder: what it holds goes to the swarm",
    "apps/shop/compose.yaml:6: services.web.volumes[0]: '../conf/nginx.conf' is outside of the compose file's folder: what it holds goes to the swarm",
    "apps/shop/compose.yaml:6: services.web.volumes[1]: '../conf' is outside of the compose file's folder: what it holds goes to the swarm",
    "apps/shop/compose.yaml:7: configs.c.file: '../conf/nginx.conf' is outside of the compose file's folder: what it holds goes to the swarm",
  ]);
});

test("a link that leads there is not followed: the compose file does not show it", async () => {
  const { findings } = await inProject(".");
  expect(findings.filter(({ outcome }) => outcome === "refused").map(({ reason }) => reason)).toEqual([
    "a relative path names a file of this machine, and './link' leads outside of the folder by a link",
  ]);
});

test("nothing outside of the project is read", async () => {
  const { findings } = await inProject("apps/shop");
  const outside = findings.filter(({ outcome, reason = "" }) => outcome === "refused" && reason.includes("is outside"));
  expect(outside.map(({ path }) => path)).toEqual([
    "services.web.env_file",
    "services.web.volumes[0]",
    "services.web.volumes[1]",
    "configs.c.file",
  ]);
});
