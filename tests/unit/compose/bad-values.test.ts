import { service } from "../../support/compose/cases";
import { file, type Refusals, refusedOf } from "../../support/compose/refused";

const long = "n".repeat(70);

const refusals: Refusals = {
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
    `compose.yaml:3: configs.${long}: the name 'shop_${long}' has 75 letters, and 64 fit; shorten it, or set 'name'`,
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
    "compose.yaml:4: services.web.hostname: the variable 'A' is required: must-be-set; set 'A' under 'variables' of the stack in the configuration",
  ],
  "a required variable": [
    service("hostname: ${A:?say which}"),
    "compose.yaml:4: services.web.hostname: the variable 'A' is required: say which; set 'A' under 'variables' of the stack in the configuration",
  ],
  "a required variable that is empty": [
    { ...service("hostname: ${A:?say which}"), variables: { A: "" } },
    "compose.yaml:4: services.web.hostname: the variable 'A' is required: say which; set 'A' under 'variables' of the stack in the configuration",
  ],
  "a dollar sign alone": [
    service("hostname: a$"),
    "compose.yaml:4: services.web.hostname: '$' is no variable; write '$$' for a dollar sign",
  ],
};

test.each(Object.entries(refusals))(
  "%s is refused with file, line and what to do",
  async (_name, [one, ...messages]) => {
    expect(await refusedOf(one)).toEqual(messages);
  },
);
