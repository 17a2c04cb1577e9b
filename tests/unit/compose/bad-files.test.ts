import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe as toText } from "../../../compose/model/findings";
import { readCompose } from "../../../compose/read";
import { service } from "../../support/compose/cases";
import { inFolder } from "../../support/compose/stack-deploy";
import { file, type Refusals, refusedOf } from "../../support/compose/refused";

const refusals: Refusals = {
  "a service without an image": [
    file("services: {a: {hostname: b}}"),
    "compose.yaml:1: services.a: it has no image; write 'image' or 'build'",
  ],
  "an image that is none": [
    file("services: {a: {image: Nginx:1}}"),
    "compose.yaml:1: services.a.image: 'Nginx:1' is no image; write 'name:tag' in lower case, e.g. 'registry.example/team/web:1.4'",
  ],
  "a file that is not there": [
    file("services: {w: {image: a}}\nconfigs: {c: {file: no.txt}}"),
    "compose.yaml:2: configs.c.file: 'no.txt' cannot be read: there is no such file; name a file in the compose file's folder",
  ],
  "a file further up": [
    file("services: {w: {image: a}}\nconfigs: {c: {file: ../a}}"),
    "compose.yaml:2: configs.c.file: '../a' is outside of the folder; name a file in the compose file's folder",
  ],
  "a file by its absolute path": [
    file("services: {w: {image: a}}\nconfigs: {c: {file: /etc/shadow}}"),
    "compose.yaml:2: configs.c.file: '/etc/shadow' is an absolute path of this machine; name a file in the compose file's folder",
  ],
  "a folder for a file": [
    file("services: {w: {image: a}}\nconfigs: {c: {file: d}}", { "d/a": "a" }),
    "compose.yaml:2: configs.c.file: 'd' is a folder; name a file in the compose file's folder",
  ],
  "a config with two contents": [
    file("services: {w: {image: a}}\nconfigs: {c: {content: a, environment: B}}"),
    "compose.yaml:2: configs.c: 'content' and 'environment' stand together; write one of 'file', 'content', 'environment' and 'external'",
  ],
  "a config of a variable that is not set": [
    file("services: {w: {image: a}}\nconfigs: {c: {environment: B}}"),
    "compose.yaml:2: configs.c.environment: the variable 'B' is not set; set 'B' under 'variables' of the stack in the configuration",
  ],
  "an environment file with blanks": [
    file("services: {w: {image: a, env_file: a.env}}", { "a.env": "A=1\nB C=2\n=3\n" }),
    "a.env:2: the variable 'B C' has a blank in its name; write 'NAME=value' without blanks",
    "a.env:3: a variable has no name; write 'NAME=value'",
  ],
  "a network that is not there": [
    service("networks: [a]"),
    "compose.yaml:4: services.web.networks[0]: the network 'a' is not under 'networks' of the file; add 'a:' there",
  ],
  "a volume that is not there": [
    service("volumes: ['ab:/c']"),
    "compose.yaml:4: services.web.volumes[0]: the volume 'ab' is not under 'volumes' of the file; add 'ab:' there",
  ],
  "a config that is not defined": [
    service("configs: [a]"),
    "compose.yaml:4: services.web.configs[0]: the config 'a' is not under 'configs' of the file; add 'a' there",
  ],
  "a volume of one letter": [
    service("volumes: ['v:/data']", "volumes: {v: }"),
    "compose.yaml:4: services.web.volumes[0]: docker takes 'v:' for a Windows drive, and makes a volume at 'v:/data'; give the volume a longer name, or write the long form",
  ],
  "a volume with nothing in it": [
    service("volumes: [':/a']"),
    "compose.yaml:4: services.web.volumes[0]: ':/a' has nothing between two colons; write 'source:target:options'",
  ],
  "a path of the user": [
    service("volumes: ['~/a:/a']"),
    "compose.yaml:4: services.web.volumes[0]: '~/a' is a path of this machine's user, and tasks run on the nodes; give a volume in 'folders' of the stack (~/a: VOLUME), or write an absolute path of the nodes",
  ],
  "two mounts at one path": [
    service("volumes: [/a:/c, /b:/c]"),
    "compose.yaml:4: services.web.volumes: '/c' is mounted twice; remove one of the two",
  ],
  "two secrets at one path": [
    file(
      "services: {web: {image: a, secrets: [{source: s, target: /c}, {source: t, target: /c}]}}\nsecrets: {s: {external: true}, t: {external: true}}",
    ),
    "compose.yaml:1: services.web.secrets: two secrets are at '/c'; give each its own 'target'",
  ],
  "a folder of this machine": [
    { files: { ...service("volumes: ['./d:/d']").files, "d/a": "a" } },
    "compose.yaml:4: services.web.volumes[0]: './d' is a folder of this machine; with ':ro', a folder of 1 to 100 files becomes configs; put the files into the image, give a folder in 'folders' of the stack (./d: VOLUME, or ./d: ':ro' for its files as configs), or write an absolute path of the nodes",
  ],
};

test.each(Object.entries(refusals))(
  "%s is refused with file, line and what to do",
  async (_name, [one, ...messages]) => {
    expect(await refusedOf(one)).toEqual(messages);
  },
);

test("a file that a link leads out of the folder is refused", async () => {
  const one = file("services: {w: {image: a}}\nconfigs: {c: {file: in/link}}\n", { "in/a": "a" });
  expect(
    await refusedOf(one, (folder) => {
      symlinkSync("/etc/passwd", join(folder, "in/link"));
    }),
  ).toEqual([
    "compose.yaml:2: configs.c.file: 'in/link' leads outside of the folder by a link; name a file in the compose file's folder",
  ]);
});

test("a link in a circle is refused", async () => {
  const one = file("services: {w: {image: a}}\nconfigs: {c: {file: a}}\n");
  const circle = (folder: string) => {
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
  };
  expect(await refusedOf(one, circle)).toEqual([
    "compose.yaml:2: configs.c.file: 'a' cannot be read: its links lead in a circle; name a file in the compose file's folder",
  ]);
});

test("a link inside of the folder is followed", async () => {
  const one = file("services: {w: {image: a}}\nconfigs: {c: {file: link}}\n", { "in/a": "a" });
  expect(
    await refusedOf(one, (folder) => {
      symlinkSync("in/a", join(folder, "link"));
    }),
  ).toEqual([]);
});

test("a pipe is refused without a read", async () => {
  const one = file("services: {w: {image: a}}\nconfigs: {c: {file: pipe}}\n");
  expect(
    await refusedOf(one, (folder) => {
      execFileSync("mkfifo", [join(folder, "pipe")]);
    }),
  ).toEqual(["compose.yaml:2: configs.c.file: 'pipe' is no regular file; name a file in the compose file's folder"]);
});

test("a compose file that does not exist is refused", async () => {
  const { findings } = await inFolder({}, (folder) =>
    readCompose({ name: "shop", folder, files: ["app/compose.yaml"] }),
  );
  expect(findings.map(toText)).toEqual([
    "app/compose.yaml:1: 'compose.yaml' cannot be read: there is no such file; name a compose file, and others in its folder",
  ]);
});

test("a compose file may have an absolute path, and its folder is the application's", async () => {
  const file = "services: {a: {image: a, env_file: e}}";
  const { application, findings } = await inFolder({ "app/compose.yaml": file, "app/e": "A=1\n" }, (folder) =>
    readCompose({ name: "shop", folder: "/nowhere", files: [join(folder, "app/compose.yaml")] }),
  );
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  expect(application?.services[0]?.environment).toEqual([{ name: "A", value: "1" }]);
});

test("a compose file that is a folder, or outside of the first one's, is refused", async () => {
  const { findings } = await inFolder(
    { "app/compose.yaml": "services: {a: {image: a}}", "app/d/x": "", "x.yaml": "" },
    (folder) => readCompose({ name: "shop", folder, files: ["app/compose.yaml", "app/d", "x.yaml"] }),
  );
  expect(findings.filter(({ outcome }) => outcome === "refused").map(toText)).toEqual([
    "app/d:1: 'app/d' is a folder; name a compose file, and others in its folder",
    "x.yaml:1: '../x.yaml' is outside of the folder; name a compose file, and others in its folder",
  ]);
});
