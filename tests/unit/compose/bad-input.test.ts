import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe as toText } from "../../../compose/findings";
import { type Case, service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { inFolder } from "../../support/compose/stack-deploy";

const file = (text: string, more: Case["files"] = {}): Case => ({ files: { "compose.yaml": text, ...more } });

const laughs = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
  .concat(
    [..."bcdefghij"].map(
      (name, i) =>
        `${name}: &${name} [${Array(10)
          .fill(`*${"abcdefghi"[i] ?? ""}`)
          .join(", ")}]`,
    ),
  )
  .join("\n");

const long = "n".repeat(70);

/** What is wrong, and the messages that refuse it, in full. */
const refusals: Readonly<Record<string, readonly [Case, ...string[]]>> = {
  "no mapping": [file("- a\n- b\n"), "compose.yaml:1: the file is a list, not a mapping; begin with 'services:'"],
  "an empty file": [file(""), "compose.yaml:1: the file is empty, not a mapping; begin with 'services:'"],
  "a text": [file("hello"), "compose.yaml:1: the file is the text 'hello', not a mapping; begin with 'services:'"],
  "a cyclic anchor": [
    file("x-a: &a\n  b: *a\nservices: {}\n"),
    "compose.yaml:2: an alias stands inside of what it names; name another anchor",
  ],
  "a billion laughs": [
    file(laughs),
    "compose.yaml:1: aliases make more than 100000 values of this file; repeat less by aliases",
  ],
  "an alias of nothing": [
    file("a: 1\nb: *c\n"),
    "compose.yaml:2: the alias '*c' has no anchor before it; define '&c' further up",
  ],
  "a tab": [
    file("services:\n  web:\n\timage: a\n"),
    "compose.yaml:3: a tab indents this line; YAML takes spaces alone",
  ],
  "a key twice": [
    file("services:\n  web:\n    image: a\n    image: b\n"),
    "compose.yaml:4: a key of this mapping is given twice; remove one of the two",
  ],
  "a second document": [
    file("services: {}\n---\na: 1\n"),
    "compose.yaml:2: a second document begins here, which docker ignores; make it a file of its own",
  ],
  "a quote that is open": [file('services: {web: {image: "a}}\n'), /^compose.yaml:\d: no YAML: missing closing/.source],
  "a tag of Docker Compose": [
    service("ports: !reset []"),
    "compose.yaml:4: the tag '!reset' is not known: it is Docker Compose's own, and docker stack deploy has none; split the files so that nothing has to be taken back",
  ],
  "another tag": [
    service("user: !secret a"),
    "compose.yaml:4: the tag '!secret' is not known; write the value without a tag",
  ],
  "a key that is a number": [
    service("labels: {1: a}"),
    "compose.yaml:4: the key '1' is no text to YAML; write \"1\" in quotes",
  ],
  "<< of a text": [
    service("<<: a"),
    "compose.yaml:4: '<<' takes a mapping or a list of mappings; name an anchor of one",
  ],
  "yes for a boolean": [
    service("read_only: yes"),
    "compose.yaml:4: services.web.read_only: 'yes' is text to YAML 1.2 and to docker; write true",
  ],
  "a date for a text": [
    service("hostname: 2020-01-01"),
    "compose.yaml:4: services.web.hostname: the date '2020-01-01' is no text to YAML; write \"2020-01-01\" in quotes",
  ],
  "an octal for a text": [
    service("user: 0100"),
    "compose.yaml:4: services.web.user: the number '0100' is no text to YAML; write \"0100\" in quotes",
  ],
  "ports given twice": [
    service('ports: ["80:80", "80:81"]', "  b:\n    image: b\n    ports: [{target: 1, published: 80}]\n"),
    "compose.yaml:4: services.web.ports: the port 80/tcp is published twice, first at compose.yaml:4; publish another one",
    "compose.yaml:7: services.b.ports: the port 80/tcp is published twice, first at compose.yaml:4; publish another one",
  ],
  "a port that is none": [
    service("ports: ['80:web']"),
    "compose.yaml:4: services.web.ports[0]: '80:web' is no port; write 'published:target', e.g. '8080:80/tcp'",
  ],
  "a published port that is none": [
    service("ports: [{target: 80, published: 70000}]"),
    "compose.yaml:4: services.web.ports[0].published: this is no port from 1 to 65535; write a number, or a range such as '8000-8002'",
  ],
  "a port without a target": [
    service("ports: [{published: 80}]"),
    "compose.yaml:4: services.web.ports[0]: 'target' is a port from 1 to 65535; write the container's port",
  ],
  "a secret that is too large": [
    file("services: {w: {image: a, secrets: [s]}}\nsecrets:\n  s: {file: s.txt}\n", { "s.txt": "x".repeat(614_400) }),
    "compose.yaml:3: secrets.s: the secret has 614400 bytes, and Swarm takes 511999; put it into the image, or split it",
  ],
  "a config that is too large": [
    file("services: {w: {image: a, configs: [c]}}\nconfigs:\n  c: {file: c.txt}\n", { "c.txt": "x".repeat(1_024_000) }),
    "compose.yaml:3: configs.c: the config has 1024000 bytes, and Swarm takes 1023999; put it into the image, or split it",
  ],
  "a config that is empty": [
    file("services: {w: {image: a}}\nconfigs:\n  c: {file: c.txt}\n", { "c.txt": "" }),
    "compose.yaml:3: configs.c: the config is empty, which Swarm refuses; write at least one byte",
  ],
  "a service with a name of 70 letters": [
    file(`services:\n  ${long}: {image: a}\n`),
    `compose.yaml:2: services.${long}: the service's name 'shop_${long}' has 75 letters, and Swarm takes 63; shorten the key, or the stack's name`,
  ],
  "a config with a name of 70 letters": [
    file(`services: {w: {image: a}}\nconfigs:\n  ${long}: {content: a}\n`),
    `compose.yaml:3: configs.${long}: the name 'shop_${long}' has 75 letters, and 51 fit; shorten it, or set 'name'`,
  ],
  "a service name with a dot": [
    file("services: {a.b: {image: a}}"),
    "compose.yaml:1: services.a.b: Swarm takes no service name 'shop_a.b'; use letters, digits, '-' and '_', with a letter at each end",
  ],
  "a name with a blank": [
    file("services: {a b: {image: a}}"),
    "compose.yaml:1: services.a b: 'a b' is no name; use letters, digits, '.', '_' and '-'",
  ],
  "a required variable with a hyphen in its message": [
    service("hostname: ${A:?must-be-set}"),
    "compose.yaml:4: services.web.hostname: docker takes 'be-set' for the default of '${A:?must-be-set}', even where 'A' is set; write a message without '-'",
  ],
  "a required variable": [
    service("hostname: ${A:?say which}"),
    "compose.yaml:4: services.web.hostname: the variable 'A' is required: say which; set 'A' under 'variables' of the stack in the configuration",
  ],
  "a required variable that is empty": [
    { ...service("hostname: ${A:?say which}"), variables: { A: "" } },
    "compose.yaml:4: services.web.hostname: the variable 'A' is required: say which; set 'A' under 'variables' of the stack in the configuration",
  ],
  "a default in a default": [
    service("hostname: ${A:-${B:-c}}"),
    "compose.yaml:4: services.web.hostname: docker ends the default of 'A' at the first '}', and leaves the rest as text; write a default without braces, or set 'A' in the configuration and write '${A}' instead of '${A:-${B:-c}'",
  ],
  "a template as the default of a set variable": [
    { ...service("hostname: ${A:-{{.Task.Slot}}}"), variables: { A: "a" } },
    "compose.yaml:4: services.web.hostname: docker ends the default of 'A' at the first '}', and leaves the rest as text; write a default without braces, or set 'A' in the configuration and write '${A}' instead of '${A:-{{.Task.Slot}'",
  ],
  "an alternative value": [
    service("hostname: ${A:+b}"),
    "compose.yaml:4: services.web.hostname: docker has no '${…:+…}': '${A:+b}'; use a variable for the whole value",
  ],
  "a dollar sign alone": [
    service("hostname: a$"),
    "compose.yaml:4: services.web.hostname: '$' is no variable; write '$$' for a dollar sign",
  ],
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
    file("services: {w: {image: a, env_file: a.env}}", { "a.env": "A=1\nexport B=2\n=3\n" }),
    "a.env:2: the variable 'export B' has a blank in its name; write 'NAME=value' without blanks and without 'export'",
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
    "compose.yaml:4: services.web.volumes[0]: '~/a' is a path of whoever deploys; write an absolute path of the nodes, or a config",
  ],
  "two mounts at one path": [
    service("volumes: [/a:/c, /b:/c]"),
    "compose.yaml:4: services.web.volumes: '/c' is mounted twice; remove one of the two",
  ],
  "a folder of this machine": [
    { files: { ...service("volumes: ['./d:/d']").files, "d/a": "a" } },
    "compose.yaml:4: services.web.volumes[0]: './d' is a folder of this machine; with ':ro', a folder of 1 to 50 files becomes configs; put the files into the image, use a volume, or write an absolute path of the nodes",
  ],
  "a dependency that is not there": [
    service("depends_on: [db]"),
    "compose.yaml:4: services.web.depends_on: there is no service 'db'; correct the name, or remove it",
  ],
  "a dependency that is left out": [
    service("depends_on: [db]", "  db: {image: d, profiles: [tools]}\n"),
    "compose.yaml:4: services.web.depends_on: 'db' is left out by its profiles; turn one of its profiles on, or write 'required: false'",
  ],
  "services that wait for each other": [
    file("services:\n  a: {image: a, depends_on: [b]}\n  b: {image: b, depends_on: [a]}\n"),
    "compose.yaml:2: services.a.depends_on: services wait for each other: 'a' → 'b' → 'a'; remove one dependency",
  ],
  "services that extend each other": [
    file("services:\n  a: {extends: b}\n  b: {image: b, extends: a}\n"),
    "compose.yaml:2: services.a.extends: services extend each other: 'b' again; remove one 'extends'",
    "compose.yaml:3: services.b.extends: services extend each other: 'a' again; remove one 'extends'",
  ],
  "a service that is extended and not there": [
    service("extends: {service: a, file: b.yaml}"),
    "compose.yaml:4: services.web.extends: 'b.yaml' cannot be read; correct the name",
  ],
  "an unknown key": [
    service("imagee: a"),
    "compose.yaml:4: services.web.imagee: compose files have no such key; the nearest is 'image'",
  ],
  "an unknown key without a near one": [
    file("services: {}\nzzzzzzzz: 1"),
    "compose.yaml:2: zzzzzzzz: compose files have no such key; remove it, or name it 'x-…' if it is a remark",
  ],
  "a key that Swarm does not have": [
    service("privileged: true"),
    "compose.yaml:4: services.web.privileged: Swarm has no privileged tasks; use 'cap_add'",
  ],
  "a key that Pulumi's provider cannot set": [
    service("tty: true"),
    "compose.yaml:4: services.web.tty: Pulumi's Docker provider cannot set it; leave it out; 'docker exec -it' has a terminal without it",
  ],
  "a job": [
    service("deploy: {mode: global-job}"),
    "compose.yaml:4: services.web.deploy.mode: Pulumi's Docker provider cannot make a job; leave 'mode' out and set 'restart_policy.condition' to 'none' or 'on-failure': a task that ends with 0 is done",
  ],
  "global with replicas": [
    service("deploy: {mode: global, replicas: 2}"),
    "compose.yaml:4: services.web.deploy.replicas: a service of mode 'global' has no number of replicas; remove 'replicas' or 'mode'",
  ],
  "a time that is none": [
    service("stop_grace_period: 10"),
    "compose.yaml:4: services.web.stop_grace_period: '10' is no time; write one such as '30s' or '1m30s'",
  ],
  "a size that is none": [
    service("deploy: {resources: {limits: {memory: lots}}}"),
    "compose.yaml:4: services.web.deploy.resources.limits.memory: 'lots' is no size; write one such as '512M' or '1.5G'",
  ],
  "CPUs that are none": [
    service('deploy: {resources: {limits: {cpus: "2x"}}}'),
    "compose.yaml:4: services.web.deploy.resources.limits.cpus: '2x' is no number of CPUs; write one such as '0.5', with at most nine decimals",
  ],
  "a word that is none": [
    service("deploy: {endpoint_mode: dns}"),
    "compose.yaml:4: services.web.deploy.endpoint_mode: 'dns' is none of 'vip', 'dnsrr'; write one of them",
  ],
  "a constraint that is none": [
    service("deploy: {placement: {constraints: [node.role = manager]}}"),
    "compose.yaml:4: services.web.deploy.placement.constraints: 'node.role = manager' is no constraint of Swarm; write e.g. 'node.labels.db == true' or 'node.role == worker'",
  ],
  "a restart policy that is none": [
    service("restart: sometimes"),
    "compose.yaml:4: services.web.restart: 'sometimes' is no policy; write 'no', 'always', 'unless-stopped', 'on-failure' or 'on-failure:3'",
  ],
  "a command with an open quote": [
    service(`command: 'sh -c "a'`),
    "compose.yaml:4: services.web.command: a quote or a backslash is open at the end; close it, or write a list",
  ],
  "a list for a text": [
    service("hostname: [a]"),
    "compose.yaml:4: services.web.hostname: text is expected, and this is a list; write text",
  ],
  "a text for a list": [
    service("ports: a"),
    "compose.yaml:4: services.web.ports: a list is expected, and this is the text 'a'; write a list",
  ],
  "a text for a service": [
    file("services: {a: b}"),
    "compose.yaml:1: services.a: a mapping is expected, and this is the text 'b'; write a mapping",
    "compose.yaml:1: services.a: it has no image; write 'image' or 'build'",
  ],
  "a fraction for a count": [
    service("deploy: {replicas: 1.5}"),
    "compose.yaml:4: services.web.deploy.replicas: '1.5' is no whole number from 0 on; write one",
  ],
  "a check that is off and on": [
    service("healthcheck: {disable: true, test: a}"),
    "compose.yaml:4: services.web.healthcheck: 'test' and 'disable' stand together; remove one of the two",
  ],
};

test.each(Object.entries(refusals))(
  "%s is refused with file, line and what to do",
  async (_name, [one, ...messages]) => {
    const { findings } = await inFolder(one.files, (folder) => read(folder, one));
    const refused = findings.filter(({ outcome }) => outcome === "refused").map(toText);
    if (messages[0]?.startsWith("^")) expect(refused.join()).toMatch(new RegExp(messages[0]));
    else expect(refused).toEqual(messages);
  },
);

test("a file that a link leads out of the folder is refused", async () => {
  const one = file("services: {w: {image: a}}\nconfigs: {c: {file: in/link}}\n");
  const { findings } = await inFolder({ ...one.files, "in/a": "a" }, (folder) => {
    symlinkSync("/etc/passwd", join(folder, "in/link"));
    return read(folder, one);
  });
  expect(findings.filter(({ outcome }) => outcome === "refused").map(toText)).toEqual([
    "compose.yaml:2: configs.c.file: 'in/link' leads outside of the folder by a link; name a file in the compose file's folder",
  ]);
});

test("a link in a circle is refused", async () => {
  const one = file("services: {w: {image: a}}\nconfigs: {c: {file: a}}\n");
  const { findings } = await inFolder(one.files, (folder) => {
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    return read(folder, one);
  });
  expect(findings.filter(({ outcome }) => outcome === "refused").map(toText)).toEqual([
    "compose.yaml:2: configs.c.file: 'a' cannot be read: its links lead in a circle; name a file in the compose file's folder",
  ]);
});

test("a compose file that is not there, or is a folder, is refused", async () => {
  const findings = await inFolder({ "other.yaml": "" }, (folder) => {
    mkdirSync(join(folder, "compose.yaml"));
    return ["compose.yaml", "no.yaml"].flatMap((name) =>
      read(folder, { files: { [`compose.${name}`]: "" } }).findings.map(toText),
    );
  });
  expect(findings).toEqual([
    "compose.compose.yaml:1: 'compose.compose.yaml' cannot be read: there is no such file; name a compose file, and others in its folder",
    "compose.no.yaml:1: 'compose.no.yaml' cannot be read: there is no such file; name a compose file, and others in its folder",
  ]);
});

test("all problems are found at once, each with its line", async () => {
  const one = service("privileged: true\nnetworks: [a]\nports: [x]\nhostname: ${A:?b}\nimagee: c");
  const { findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.filter(({ outcome }) => outcome === "refused").map(({ line }) => line)).toEqual([4, 5, 6, 7, 8]);
});
