import { service } from "../../support/compose/cases";
import { file, type Refusals, refusedOf } from "../../support/compose/refused";

const refusals: Refusals = {
  "a dependency whose health is waited for, and that is not there": [
    service("depends_on: {db: {condition: service_healthy}}"),
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
    "compose.yaml:4: services.web.extends: 'b.yaml' cannot be read: there is no such file; correct the name",
  ],
  "an image that is a list, once": [
    file("services:\n  web:\n    image: [a]\n"),
    "compose.yaml:3: services.web.image: text is expected, and this is a list; write text",
  ],
  "a service that is empty, once": [
    file("services:\n  web:\n"),
    "compose.yaml:2: services.web: a mapping is expected, and this is empty; write a mapping",
  ],
  "a service that extends a file outside, once": [
    file("services:\n  web:\n    extends: {file: ../b.yaml, service: a}\n"),
    "compose.yaml:3: services.web.extends: '../b.yaml' is outside of the folder; correct the name",
  ],
  "a list that is a mapping, once": [
    service("ports: {a: b}"),
    "compose.yaml:4: services.web.ports: a list is expected, and this is a mapping; write a list",
  ],
  "what is in a key that is refused, once": [
    service("credential_spec: {config: [abc]}"),
    "compose.yaml:4: services.web.credential_spec: Pulumi's Docker provider cannot set it; leave it out; it is for Windows",
  ],
  "a limit that is no number": [
    service("ulimits: {nofile: abc}"),
    "compose.yaml:4: services.web.ulimits.nofile: a number is expected, and this is the text 'abc'; write a number",
  ],
  "half of a limit": [
    service("ulimits: {nofile: {soft: 1}}"),
    "compose.yaml:4: services.web.ulimits.nofile: 'hard' is missing; write both limits, or one number for both",
  ],
  "a limit with a third part": [
    service("ulimits: {nofile: {soft: 1, hard: 2, hrd: 3}}"),
    "compose.yaml:4: services.web.ulimits.nofile.hrd: compose files have no such key; the nearest is 'hard'",
  ],
  "a service on the network of another": [
    service("network_mode: service:db"),
    "compose.yaml:4: services.web.network_mode: 'service:db' is of one node, and a task can run on any; use 'networks', with 'internal: true' for one without a way out",
  ],
  "a service without a network": [
    service("network_mode: none"),
    "compose.yaml:4: services.web.network_mode: Swarm has no tasks without a network; use 'networks', with 'internal: true' for one without a way out",
  ],
  "the node's network beside another, with a port": [
    service("network_mode: host\nnetworks: [a]\nports: ['8080:80']", "networks: {a: }"),
    "compose.yaml:5: services.web.networks: a task on the node's network, 'host', cannot be on 'a' too; keep one of the two",
    "compose.yaml:6: services.web.ports: a task on the node's network, 'host', listens on ports of the node, and none is published; remove the port; it is reached at port 80 of the nodes that run the task",
  ],
  "the node's network where the file has one of its name": [
    service("network_mode: host", "networks: {host: {driver: overlay}}"),
    "compose.yaml:4: services.web.network_mode: 'host' is another network in this file; give that one another key",
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
    service("oom_score_adj: 1"),
    "compose.yaml:4: services.web.oom_score_adj: Pulumi's Docker provider cannot set it; reserve memory with 'deploy.resources.reservations'",
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
    expect(await refusedOf(one)).toEqual(messages);
  },
);

test("all problems are found at once, each with its line", async () => {
  const messages = await refusedOf(
    service("privileged: true\nnetworks: [a]\nports: [x]\nhostname: ${A:?b}\nimagee: c"),
  );
  expect(messages.map((message) => message.split(":")[1])).toEqual(["4", "5", "6", "7", "8"]);
});
