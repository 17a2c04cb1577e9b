import { file, refusedOf } from "../../support/compose/refused";
import { read } from "../../support/compose/compare";
import { inFolder } from "../../support/compose/stack-deploy";

const db = "  db: {image: a, volumes: ['data:/data', 'logs:/logs:ro', './a.txt:/a.txt']}\n";
const rest = "volumes: {data: , logs: , own: }\n";
const withService = (lines: string, more = "") =>
  file(`services:\n${db}  web:\n    image: b\n${lines}${more}${rest}`, { "a.txt": "a" });

async function mountsOf(lines: string, more = "") {
  const one = withService(lines, more);
  const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  const web = application?.services.find(({ key }) => key === "web");
  return {
    mounts: web?.mounts.map((mount) => [mount.type === "volume" && mount.volume, mount.target, mount.readOnly]),
    configs: web?.configs.map(({ target }) => target),
  };
}

test("the volumes of another service are mounted, files as configs", async () => {
  expect(await mountsOf("    volumes_from: [db]\n")).toEqual({
    mounts: [
      ["data", "/data", false],
      ["logs", "/logs", true],
    ],
    configs: ["/a.txt"],
  });
});

test("read-only where it says so, and what the service mounts itself stays", async () => {
  const lines = "    volumes: ['own:/data']\n    volumes_from: ['db:ro']\n";
  expect((await mountsOf(lines)).mounts).toEqual([
    ["own", "/data", false],
    ["logs", "/logs", true],
  ]);
});

test("those that the other has from a third come too", async () => {
  const middle = "  mid: {image: c, volumes_from: ['db:ro'], volumes: ['own:/own']}\n";
  expect((await mountsOf("    volumes_from: [mid]\n", middle)).mounts).toEqual([
    ["own", "/own", false],
    ["data", "/data", true],
    ["logs", "/logs", true],
  ]);
});

test.each([
  ["[nobody]", "there is no service 'nobody'; correct the name"],
  ["['db:rx']", "'rx' is neither 'ro' nor 'rw'; write one of them"],
  [
    "['container:x']",
    "'container:x' is a container of one node, and a task can run on any; name a volume under 'volumes' of the file and mount it in both",
  ],
])("volumes_from: %s is refused", async (value, message) => {
  expect(await refusedOf(withService(`    volumes_from: ${value}\n`))).toEqual([
    `compose.yaml:5: services.web.volumes_from[0]: ${message}`,
  ]);
});

test("services that mount each other's volumes are refused", async () => {
  const one = file("services:\n  a: {image: a, volumes_from: [b]}\n  b: {image: a, volumes_from: [a]}\n");
  expect(await refusedOf(one)).toEqual([
    "compose.yaml:2: services.a.volumes_from[0]: services mount each other's volumes: 'b' again; remove one of them",
    "compose.yaml:3: services.b.volumes_from[0]: services mount each other's volumes: 'a' again; remove one of them",
  ]);
});
