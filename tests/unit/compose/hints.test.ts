import { describe as toText } from "../../../compose/model/findings";
import { readCompose } from "../../../compose/read";
import { type Case, service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { inFolder } from "../../support/compose/stack-deploy";

/** Settings that docker ignores silently, and the message that reports it. */
const hints: Readonly<Record<string, readonly [Case, string]>> = {
  "an octal number as a variable": [
    service("environment: {A: 0444}"),
    "compose.yaml:4: services.web.environment.A: to YAML '0444' is a number, and docker passes '292'; here too; write \"0444\" in quotes if that is not meant",
  ],
  "a date as a variable": [
    service("environment: {A: 2020-01-01}"),
    "compose.yaml:4: services.web.environment.A: to YAML '2020-01-01' is a date, and docker passes '2020-01-01 00:00:00 +0000 UTC'; here too; write \"2020-01-01\" in quotes if that is not meant",
  ],
  "a decimal mode": [
    service("configs: [{source: a, mode: 444}]", "configs: {a: {content: b}}"),
    "compose.yaml:4: services.web.configs[0].mode: '444' is decimal, and means 0674 in octal, as with docker; write 0444 if that is meant",
  ],
  "a variable that is not set": [
    service("hostname: a$B"),
    "compose.yaml:4: services.web.hostname: the variable 'B' is not set: it is empty, as with docker; set 'B' under 'variables' of the stack in the configuration, or write '$$B' for a dollar sign",
  ],
  "an address in front of a port": [
    service('ports: ["127.0.0.1:80:80"]'),
    "compose.yaml:4: services.web.ports[0]: the address '127.0.0.1' is ignored, as by docker: the port listens on every address of every node; publish no port and let the load balancer route to the service, if it is not for everybody",
  ],
  "a dependency that other files may have": [
    service("depends_on: [db]"),
    "compose.yaml:4: services.web.depends_on: there is no service 'db' in these files, and nothing is waited for; correct the name, or remove it",
  ],
  "an option of a volume": [
    service("volumes: ['/a:/b:z']"),
    "compose.yaml:4: services.web.volumes[0]: docker ignores the option 'z'; here too; leave it out",
  ],
  "a password in clear": [
    service("environment: [DB_PASSWORD=a]"),
    "compose.yaml:4: services.web.environment.DB_PASSWORD: 'DB_PASSWORD' stands in clear in the file and in the service; use 'secrets' with a file, if the image can read one, e.g. by a variable that ends in '_FILE'",
  ],
  "a password at its own line, of a mapping": [
    service("environment:\n  A: 1\n  API_TOKEN: x"),
    "compose.yaml:6: services.web.environment.API_TOKEN: 'API_TOKEN' stands in clear in the file and in the service; use 'secrets' with a file, if the image can read one, e.g. by a variable that ends in '_FILE'",
  ],
  "a password at its own line, of a list": [
    service("environment:\n  - A=1\n  - API_TOKEN=x"),
    "compose.yaml:6: services.web.environment.API_TOKEN: 'API_TOKEN' stands in clear in the file and in the service; use 'secrets' with a file, if the image can read one, e.g. by a variable that ends in '_FILE'",
  ],
  "quotes in an environment file": [
    { files: { ...service("env_file: a.env").files, "a.env": "\nA='b'" } },
    "a.env:2: the quotes are part of the value of 'A', as with docker; write it without quotes",
  ],
  "a remark in an environment file": [
    { files: { ...service("env_file: a.env").files, "a.env": "A=b # c" } },
    "a.env:1: '#' and what follows are part of the value of 'A', as with docker; write the remark on a line of its own",
  ],
  "a variable in an environment file": [
    { files: { ...service("env_file: a.env").files, "a.env": "A=${B}" } },
    "a.env:1: no variable is put into the value of 'A', as with docker; write it under 'environment'",
  ],
  "a large config": [
    { files: { ...service("configs: [a]", "configs: {a: {file: a}}").files, a: "x".repeat(614_400) } },
    "compose.yaml:5: configs.a: the config has 614400 bytes, which every manager keeps in memory; put large files into the image",
  ],
  "a dependency that may be missing": [
    service("depends_on: {db: {condition: service_started, required: false}}", "  db: {image: d, profiles: [x]}"),
    "compose.yaml:4: services.web.depends_on: 'db' is left out by its profiles, and is not waited for",
  ],
};

test.each(Object.entries(hints))("%s is honoured and reported", async (_name, [one, message]) => {
  const { findings } = await inFolder(one.files, (folder) => read(folder, one));
  const reported = findings.filter(({ outcome, reason }) => outcome === "honoured" && reason !== undefined);
  expect(reported.map(toText)).toEqual([message]);
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
});

test("a secret variable in the environment is reported, and stays a variable", async () => {
  const { files } = service("environment: {A: 'x${S}y'}\ncommand: 'run --key $S now'");
  const { application, findings } = await inFolder(files, (folder) =>
    readCompose({ name: "shop", folder, files: ["compose.yaml"], variables: { S: { kind: "secret" } } }),
  );
  const [web] = application?.services ?? [];
  expect(web?.environment).toEqual([{ name: "A", value: { parts: ["x", { variable: "S" }, "y"] } }]);
  expect(web?.command).toEqual(["run", "--key", { parts: [{ variable: "S" }] }, "now"]);
  expect(findings.filter(({ reason }) => reason?.includes("inspect the service")).map(({ line }) => line)).toEqual([4]);
});

test("a secret variable where the preview needs the value is refused", async () => {
  const { files } = service("hostname: $S");
  const { findings } = await inFolder(files, (folder) =>
    readCompose({ name: "shop", folder, files: ["compose.yaml"], variables: { S: { kind: "secret" } } }),
  );
  expect(findings.filter(({ outcome }) => outcome === "refused").map(toText)).toEqual([
    "compose.yaml:4: services.web.hostname: the variable 'S' is secret, and this value is needed for the preview; use a plain variable here",
  ]);
});
