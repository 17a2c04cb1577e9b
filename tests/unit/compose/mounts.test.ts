import { type Case, service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { file, type Refusals, refusedOf } from "../../support/compose/refused";
import { inFolder } from "../../support/compose/stack-deploy";

const at = { file: "compose.yaml", line: 4 };
const labels = { "com.docker.stack.namespace": "shop" };
const data = { type: "volume", volume: "data", source: "shop_data", target: "/data", labels, at };

/** A mount in the file, and in the model. */
const mounts: readonly (readonly [string, object])[] = [
  ["'data:/data'", { ...data, readOnly: false, noCopy: false }],
  ["'data:/data:ro'", { ...data, readOnly: true, noCopy: false }],
  ["'data:/data:ro,rw'", { ...data, readOnly: false, noCopy: false }],
  ["'data:/data:nocopy'", { ...data, readOnly: false, noCopy: true }],
  ["{type: volume, source: data, target: /data, read_only: true}", { ...data, readOnly: true, noCopy: false }],
  ["{source: data, target: /data}", { ...data, readOnly: false, noCopy: false }],
  ["/data", { type: "volume", target: "/data", readOnly: false, noCopy: false, labels: {}, at }],
  ["'/srv:/data:ro'", { type: "bind", source: "/srv", target: "/data", readOnly: true, at }],
  [
    "'/srv:/data:rslave'",
    { type: "bind", source: "/srv", target: "/data", readOnly: false, propagation: "rslave", at },
  ],
  [
    "{type: bind, source: /srv, target: /data, bind: {propagation: shared}}",
    { type: "bind", source: "/srv", target: "/data", readOnly: false, propagation: "shared", at },
  ],
  [
    "{type: tmpfs, target: /data, tmpfs: {size: 1000}}",
    { type: "tmpfs", target: "/data", readOnly: false, sizeBytes: 1000, at },
  ],
  [
    "{type: tmpfs, target: /data, tmpfs: {size: 1m, mode: 0700}}",
    { type: "tmpfs", target: "/data", readOnly: false, sizeBytes: 1_048_576, mode: 0o700, at },
  ],
];

const withData = (line: string) => service(`volumes: [${line}]`, "volumes: {data: }");

test.each(mounts)("the volume %s", async (line, mount) => {
  const one = withData(line);
  const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  expect(application?.services[0]?.mounts).toEqual([mount]);
});

test.each([
  ["256m", [256 * 1024 ** 2]],
  ["268435456", [268_435_456]],
  ["0", []],
])("a size of %s of /dev/shm is that of a tmpfs mount there, and 0 is Docker's own", async (size, sizes) => {
  const one = service(`shm_size: ${size}`);
  const { application } = await inFolder(one.files, (folder) => read(folder, one));
  expect(application?.services[0]?.mounts).toEqual(
    sizes.map((sizeBytes) => ({ type: "tmpfs", target: "/dev/shm", readOnly: false, sizeBytes, at })),
  );
});

const where = "compose.yaml:4: services.web.volumes[0]:";
const refusals: Refusals = {
  "a volume that the file does not define": [
    service("volumes: ['data:/data']"),
    `${where} the volume 'data' is not under 'volumes' of the file; add 'data:' there`,
  ],
  "a variable that is not set": [
    service("volumes: ['${UPLOADS}:/data']"),
    `${where} '\${UPLOADS}:/data' is ':/data' with the variables of the stack, and a part of it is empty; set its variables under 'variables' of the stack in the configuration`,
  ],
  "the source over an image that is built": [
    file("services:\n  web:\n    build: .\n    volumes: ['.:/code']\n", { Dockerfile: "FROM scratch\n" }),
    `${where} '.' is a folder of this machine; with ':ro', a folder of 1 to 100 files becomes configs; leave it out if the image that 'build' makes has the files, give a folder in 'folders' of the stack (.: VOLUME, or .: ':ro' for its files as configs), or write an absolute path of the nodes`,
  ],
  "an empty volume": [service("volumes: ['']"), `${where} a volume is empty; write 'volume:/path'`],
  "nothing between two colons": [
    withData("'data::ro'"),
    `${where} 'data::ro' has nothing between two colons; write 'source:target:options'`,
  ],
  "too many colons": [
    withData("'data:/a:ro:z'"),
    `${where} 'data:/a:ro:z' has too many colons; write 'source:target:options'`,
  ],
  "a name of one letter": [
    service("volumes: ['d:/data']", "volumes: {d: }"),
    `${where} docker takes 'd:' for a Windows drive, and makes a volume at 'd:/data'; give the volume a longer name, or write the long form`,
  ],
  "an option of a bind for a volume": [
    withData("'data:/data:rslave'"),
    `${where} the option 'rslave' does not go with a volume; leave it out`,
  ],
  "an option of a volume for a bind": [
    withData("'/srv:/data:nocopy'"),
    `${where} the option 'nocopy' does not go with a bind; leave it out`,
  ],
  "options of another type": [
    withData("{type: bind, source: /a, target: /b, tmpfs: {size: 1}}"),
    "compose.yaml:4: services.web.volumes[0].tmpfs: 'tmpfs' does not go with the type 'bind'; remove one of the two",
  ],
  "no target": [
    withData("{type: volume, source: data}"),
    `${where} 'target' is missing; write where it is in the container`,
  ],
  "a type that does not exist": [
    withData("{type: disk, target: /a}"),
    "compose.yaml:4: services.web.volumes[0].type: 'disk' is none of 'volume', 'bind', 'tmpfs', 'image', 'npipe', 'cluster'; write one of them",
  ],
  "a bind without a source": [
    withData("{type: bind, target: /a}"),
    `${where} a bind has no source; write the path on the nodes`,
  ],
  "a tmpfs with a source": [
    withData("{type: tmpfs, source: data, target: /a}"),
    `${where} a tmpfs has no source; remove 'source'`,
  ],
  "a path of a person": [
    withData("'~/data:/a'"),
    `${where} '~/data' is a path of this machine's user, and tasks run on the nodes; give a volume in 'folders' of the stack (~/data: VOLUME), or write an absolute path of the nodes`,
  ],
  "a file that is not there": [
    withData("'./a.conf:/a'"),
    `${where} a relative path names a file of this machine, and './a.conf' cannot be read: there is no such file; put the files into the image, give a folder in 'folders' of the stack (./a.conf: VOLUME, or ./a.conf: ':ro' for its files as configs), or write an absolute path of the nodes`,
  ],
  "a file of another folder": [
    withData("'../a.conf:/a'"),
    `${where} a relative path names a file of this machine, and '../a.conf' is outside of the folder; put the files into the image, give a folder in 'folders' of the stack (../a.conf: VOLUME, or ../a.conf: ':ro' for its files as configs), or write an absolute path of the nodes`,
  ],
  "a folder that the container may write": [
    file("services:\n  web:\n    image: a\n    volumes: ['./d:/a']\n", { "d/x": "x" }),
    `${where} './d' is a folder of this machine; with ':ro', a folder of 1 to 100 files becomes configs; put the files into the image, give a folder in 'folders' of the stack (./d: VOLUME, or ./d: ':ro' for its files as configs), or write an absolute path of the nodes`,
  ],
  "an empty file that the container may write": [
    file("services:\n  web:\n    image: a\n    volumes: ['./x:/a']\n", { x: "" }),
    `${where} './x' is empty, and a config is neither empty nor written by the container; mount a volume at the folder around it, or add ':ro'`,
  ],
  "a file of a folder that is too large for a config": [
    file("services:\n  web:\n    image: a\n    volumes: ['./d:/a:ro']\n", { "d/x": "x".repeat(1_024_000) }),
    `${where} 'd/x' has 1024000 bytes, and a config has 1 to 1023999; put the files into the image, give a folder in 'folders' of the stack (./d: VOLUME, or ./d: ':ro' for its files as configs), or write an absolute path of the nodes`,
  ],
  "an option that Swarm's tmpfs does not have": [
    service("tmpfs: '/tmp:exec,size=1m'"),
    "compose.yaml:4: services.web.tmpfs: Swarm's tmpfs mounts have no option 'exec'; use 'size' and 'mode' alone",
  ],
  "a tmpfs with a size that is none": [
    service("tmpfs: '/tmp:size=lots'"),
    "compose.yaml:4: services.web.tmpfs: 'lots' is no size; write one such as '64m'",
  ],
  "a tmpfs with a mode that is none": [
    service("tmpfs: ['/run', '/tmp:mode=rwx']"),
    "compose.yaml:4: services.web.tmpfs[1]: 'rwx' is no mode; write an octal number such as '1777'",
  ],
};

test.each(Object.entries(refusals))(
  "%s is refused with file, line and what to do",
  async (_name, [one, ...messages]) => {
    expect(await refusedOf(one)).toEqual(messages);
  },
);

test.each<[number, boolean]>([
  [1, true],
  [100, true],
  [101, false],
])("a read-only folder of %d files becomes configs: %s", async (count, isTaken) => {
  const files = Object.fromEntries(Array.from({ length: count }, (_, i) => [`d/${String(i)}`, "x"]));
  const one: Case = { files: { ...service("volumes: ['./d:/d:ro']").files, ...files } };
  expect((await refusedOf(one)).length).toBe(isTaken ? 0 : 1);
});

test("an empty file that is only read is a config of one empty line, and a finding says so", async () => {
  const one = file("services:\n  web:\n    image: a\n    volumes: ['./d:/a:ro']\n", { "d/x": "", "d/y": "y" });
  const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
  const contents = application?.configs.map((config) => config.kind === "own" && config.content);
  expect(contents).toEqual(
    ["\n", "y"].map((text, i) => ({
      from: "file",
      file: ["d/x", "d/y"][i],
      base64: Buffer.from(text).toString("base64"),
    })),
  );
  expect(findings.map(({ reason }) => reason)).toContain("Swarm takes no empty config: 'd/x' is one empty line");
});

test("what is mounted over a file of a folder takes its place, as a mount over a mount", async () => {
  const { files } = service("volumes: ['./d:/etc/d/:ro', './x2:/etc/d/x:ro', 'v1:/etc/d/e']", "volumes: {v1: }");
  const one: Case = { files: { ...files, x2: "2", "d/x": "x", "d/e/y": "y", "d/ee": "ee" } };
  const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  const [web] = application?.services ?? [];
  expect(web?.configs.map(({ target }) => target).sort()).toEqual(["/etc/d/ee", "/etc/d/x"]);
  expect(web?.mounts.map(({ target }) => target)).toEqual(["/etc/d/e"]);
});
