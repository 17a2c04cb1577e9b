import { describe as toText } from "../../../../compose";
import { readApplication } from "../../../../infra/compose/read";
import { inFolder } from "../../../support/compose/stack-deploy";

const text = `
services:
  web:
    image: nginx:1
    volumes: [/a:/c, /b:/c, "/a:c"]
    ports: ["80:80", "80:81"]
    secrets: [{ source: one, target: /t }, { source: two, target: /t }]
    deploy: { resources: { limits: { cpus: "0.0001" } } }
secrets: { one: { external: true }, two: { external: true } }
`;

test("each fault is one problem, though the reader and the service's own check both see it", async () => {
  const read = await inFolder({ "compose.yaml": text }, (folder) =>
    Promise.resolve(readApplication({ name: "shop", folder, files: ["compose.yaml"] })),
  );
  expect(read.kind === "refused" && read.problems.map(toText)).toEqual([
    "compose.yaml:5: services.web.volumes: '/c' is mounted twice; remove one of the two",
    "compose.yaml:5: services.web.volumes: 'c' is no absolute path; begin the container's path with '/'",
    "compose.yaml:6: services.web.ports: the port 80/tcp is published twice, first at compose.yaml:6; publish another one",
    "compose.yaml:7: services.web.secrets: two secrets are at '/t'; give each its own 'target'",
    "compose.yaml:8: services.web.deploy.resources.limits.cpus: is '0.0001'; allowed: at least 0.001; correct it",
  ]);
});
