import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe as line, readCompose, type ComposeResult } from "../../../compose";
import { service } from "../../support/compose/cases";
import { inFolder } from "../../support/compose/stack-deploy";

const labels = { "com.docker.stack.namespace": "shop" };

/** Reads a service with these volumes; `html` has a file, `kept` what git needs for an empty folder. */
async function withFolders(
  volumes: string,
  folders: Readonly<Record<string, string>> = {},
  more = "",
): Promise<ComposeResult> {
  const { files } = service(`volumes: [${volumes}]`, more);
  return inFolder(files, async (folder) => {
    mkdirSync(join(folder, "empty"));
    mkdirSync(join(folder, "kept"));
    writeFileSync(join(folder, "kept", ".gitkeep"), "");
    mkdirSync(join(folder, "html"));
    writeFileSync(join(folder, "html", "index.html"), "page");
    return Promise.resolve(readCompose({ name: "shop", folder, files: ["compose.yaml"], folders }));
  });
}
const refused = ({ findings }: ComposeResult) => findings.filter(({ outcome }) => outcome === "refused").map(line);

test.each([
  ["./data", "./data"],
  ["./data", "data"],
  ["./data/", "./data"],
  ["./a/../data", "data/"],
  ["../data", "../data"],
  ["~/data", "~/data"],
  [".", "./"],
])("the folder '%s' is the volume that the configuration has for '%s'", async (source, path) => {
  const result = await withFolders(`'${source}:/var/lib/x:ro'`, { [path]: "content" });
  expect(refused(result)).toEqual([]);
  const mount = { type: "volume", volume: "content", source: "shop_content", target: "/var/lib/x", readOnly: true };
  expect(result.application?.services[0]?.mounts).toEqual([
    { ...mount, noCopy: false, labels, at: { file: "compose.yaml", line: 4 } },
  ]);
  expect(result.application?.volumes).toMatchObject([{ kind: "own", key: "content", name: "shop_content" }]);
  expect(result.findings.map(line)).toContain(
    "compose.yaml:4: services.web.volumes[0]: docker mounts a path of this machine; here the volume 'content' takes its place, empty at first",
  );
});

test("one folder in two spellings is refused", async () => {
  const result = await withFolders("'./data:/x'", { "./data": "one", "data/": "two" });
  expect(refused(result)).toEqual(["compose.yaml:1: 'folders' of the stack has 'data/' twice; leave one of the two"]);
});

test("a folder can be a volume that the file has, with its options", async () => {
  const more = "volumes: { content: { name: theirs, driver_opts: { type: nfs } } }";
  const { application } = await withFolders("'./data:/x'", { "./data": "content" }, more);
  expect(application?.services[0]?.mounts).toMatchObject([{ source: "theirs", driver: { options: { type: "nfs" } } }]);
  expect(application?.volumes).toHaveLength(1);
});

test("':ro' in the configuration creates the same configs as ':ro' in the file", async () => {
  const written = await withFolders("'./html:/srv:ro'");
  const given = await withFolders("'./html:/srv'", { html: ":ro" });
  expect(refused(given)).toEqual([]);
  expect(given.application?.services[0]?.configs).toHaveLength(1);
  expect(given.application).toEqual(written.application);
});

test("a folder without a volume is refused with the key that gives it one", async () => {
  const [problem] = refused(await withFolders("'./data:/var/lib/x'"));
  expect(problem).toContain("'./data' cannot be read: there is no such file");
  expect(problem).toContain("'folders' of the stack (./data: VOLUME, or ./data: ':ro' for its files as configs)");
});

test.each([
  [
    "'folders' that no service mounts",
    "'./data:/x'",
    "compose.yaml:1: 'folders' of the stack has 'dta', which no service mounts; name one of 'data'",
  ],
  [
    "'folders' where no path is relative",
    "/data",
    "compose.yaml:1: 'folders' of the stack has 'dta', which no service mounts; remove it: no service mounts a relative path",
  ],
])("%s is refused", async (_name, volumes, message) => {
  expect(refused(await withFolders(volumes, { "./dta": "data" }))).toContain(message);
});

test.each<[string, string, readonly (readonly [string, string])[]]>([
  ["missing", "'./db/files:/var/lib/x'", [["./db/files", "db-files"]]],
  ["./empty", "'./empty:/x'", [["./empty", "empty"]]],
  ["written by two services", "'./data:/x', './data:/y'", [["./data", "data"]]],
  ["named as a volume of the file", "'./known:/x', 'known:/y'", [["./known", "known-folder"]]],
  [
    "named like another one",
    "'./a/b:/x', './a-b:/y'",
    [
      ["./a/b", "a-b"],
      ["./a-b", "a-b-folder"],
    ],
  ],
  ["hidden", "'./.cache:/x'", [["./.cache", "cache"]]],
  ["with files", "'./html:/x'", []],
  ["only read", "'./data:/x:ro'", []],
  ["perhaps a file", "'./settings:/etc/settings.json'", []],
  ["inside of another one", "'./data:/x', './data/db:/y'", []],
  ["outside of the file's folder", "'../data:/x'", []],
  [
    "missing in the home",
    "'~/no-such-folder.d/of-a-test:/x'",
    [["~/no-such-folder.d/of-a-test", "no-such-folder.d-of-a-test"]],
  ],
  ["missing in the home, and only read", "'~/no-such-folder.d:/x:ro'", []],
  ["perhaps a file of the home", "'~/no-such-folder.d:/x.json'", []],
])("a folder that is %s: these volumes are proposed", async (_name, volumes, proposed) => {
  const { needs } = await withFolders(volumes, {}, "volumes: { known: }");
  expect(needs.folders.map(({ path, volume }) => [path, volume])).toEqual(proposed);
});
