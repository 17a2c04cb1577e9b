import { service } from "../../../support/compose/cases";
import { problemsOf } from "../../../support/compose/application";
import { file, type Refusals } from "../../../support/compose/refused";

const refusals: Refusals = {
  "a capability that Linux does not have": [
    service("cap_add: [NET_ADMIN, FLY]\ncap_drop: [swim]"),
    "compose.yaml:4: services.web.cap_add: Linux has no capability 'CAP_FLY'; use a name of capabilities(7)",
    "compose.yaml:5: services.web.cap_drop: Linux has no capability 'CAP_SWIM'; use a name of capabilities(7)",
  ],
  "a propagation that Linux does not have": [
    service("volumes: [{type: bind, source: /a, target: /b, bind: {propagation: up}}]"),
    "compose.yaml:4: services.web.volumes: 'up' is no propagation; use 'rprivate', 'rshared' or 'rslave'",
  ],
  "a port of the routing mesh without a virtual address": [
    service("ports: [{target: 80, published: 81, mode: host}, '8080:80']\ndeploy: {endpoint_mode: dnsrr}"),
    "compose.yaml:4: services.web.ports: the routing mesh cannot publish ports of a service whose endpoint mode is 'dnsrr'; write 'mode: host' for the port, or 'endpoint_mode: vip'",
  ],
  "several preferences": [
    service("deploy: {placement: {preferences: [{spread: node.labels.zone}, {spread: node.labels.rack}]}}"),
    "compose.yaml:4: services.web.deploy.placement.preferences: Pulumi's Docker provider loses the order of several preferences; keep one of them",
  ],
  "a service that is awaited and runs on every node": [
    file(
      "services:\n  web: {image: a, depends_on: {job: {condition: service_completed_successfully}}}\n  job:\n    image: b\n    deploy:\n      mode: global\n",
    ),
    "compose.yaml:6: services.job.deploy.mode: another service waits until it has completed, and one task on each node is not counted; use 'replicas'",
  ],
  "a service that is awaited and always started again": [
    file(
      "services:\n  web: {image: a, depends_on: {job: {condition: service_completed_successfully}}}\n  job:\n    image: b\n    restart: always\n",
    ),
    "compose.yaml:5: services.job.restart: another service waits until it has completed, and Swarm always starts its tasks again; use 'on-failure' or 'none'",
  ],
  "a service that is awaited, with a policy of deploy that never ends": [
    file(
      "services:\n  web: {image: a, depends_on: {job: {condition: service_completed_successfully}}}\n  job:\n    image: b\n    deploy:\n      restart_policy: {condition: any}\n",
    ),
    "compose.yaml:6: services.job.deploy.restart_policy: another service waits until it has completed, and Swarm always starts its tasks again; use 'on-failure' or 'none'",
  ],
  "less CPU than Swarm counts": [
    service("deploy:\n  resources:\n    limits:\n      cpus: '0.0001'\n"),
    "compose.yaml:7: services.web.deploy.resources.limits.cpus: is '0.0001'; allowed: at least 0.001; correct it",
  ],
  "fewer processes than one": [
    service("deploy:\n  resources:\n    limits:\n      pids: -5\n"),
    "compose.yaml:7: services.web.deploy.resources.limits.pids: is '-5'; allowed: a whole number of at least 1; correct it",
  ],
  "limits of plain Compose, by the keys that the file has": [
    service("user: a\npids_limit: -5\nmem_limit: 1k"),
    "compose.yaml:5: services.web.pids_limit: is '-5'; allowed: a whole number of at least 1; correct it",
    "compose.yaml:6: services.web.mem_limit: is '0.0009765625'; allowed: at least 4; correct it",
  ],
  "numbers that lose digits on their way": [
    service("pids_limit: 9007199254740993\nulimits: {memlock: 9223372036854775807, nofile: {soft: 1, hard: 1e30}}"),
    expect.stringMatching(/web\.pids_limit: is '9007199254740992'; allowed: at most 9007199254740991; correct it$/),
    "compose.yaml:5: services.web.ulimits.memlock: is '9223372036854776000'; allowed: a whole number from 0 to 9007199254740991, or -1 for no limit; correct it",
    expect.stringMatching(/web\.ulimits\.nofile\.hard: is '1e\+30'; allowed: a whole number from 0 to 9007/),
  ],
  "a limit of a name that Linux does not have": [
    service("ulimits: {files: 1}"),
    expect.stringMatching(/^compose\.yaml:4: services\.web\.ulimits: is 'files'; allowed: core cpu .* nofile nproc /),
  ],
  "a soft limit above the hard one": [
    service("ulimits: {nofile: {soft: 20, hard: 10}}"),
    "compose.yaml:4: services.web.ulimits.nofile.soft: is '20'; allowed: at most the hard limit, 10; correct it",
  ],
  "a stop that takes less than no time": [
    service("stop_grace_period: -1s"),
    expect.stringMatching(/^compose\.yaml:4: services\.web\.stop_grace_period: is '-1'; allowed: /),
  ],
  "a share of failures above all": [
    service("deploy: {update_config: {max_failure_ratio: 1.5}}"),
    expect.stringMatching(
      /^compose\.yaml:4: services\.web\.deploy\.update_config\.max_failure_ratio: is '1\.5'; allowed: /,
    ),
  ],
  "a port 0 in the container": [
    service("ports: ['8080:0']"),
    expect.stringMatching(/^compose\.yaml:4: services\.web\.ports/),
  ],
};

test.each(Object.entries(refusals))(
  "%s is refused with file, line and what to do",
  async (_name, [one, ...messages]) => {
    expect(await problemsOf(one)).toEqual(messages);
  },
);

const accepted = {
  "capabilities in any case, with or without their prefix": service("cap_add: [net_admin, CAP_SYS_TIME, all]"),
  "every propagation of Linux": service(
    ["private", "rprivate", "shared", "rshared", "slave", "rslave"]
      .map((name, i) => `${i === 0 ? "volumes:\n" : ""}  - /a:/b${String(i)}:${name}`)
      .join("\n"),
  ),
  "ports of the nodes without a virtual address": service(
    "ports: [{target: 80, published: 81, mode: host}]\ndeploy: {endpoint_mode: dnsrr}",
  ),
  "one preference": service("deploy: {placement: {preferences: [{spread: node.labels.zone}]}}"),
  "an empty variable": service("environment: {A: ''}"),
  "a job that is awaited and ends": file(
    "services:\n  web: {image: a, depends_on: {job: {condition: service_completed_successfully}}}\n  job: {image: b, restart: on-failure}\n",
  ),
  "no limit, which docker writes as 0": service("deploy: {resources: {limits: {cpus: '0', memory: '0'}}}"),
};

test.each(Object.entries(accepted))("%s is deployed", async (_name, one) => {
  expect(await problemsOf(one)).toEqual([]);
});

test("problems of the reader and of the service's own check are in the order of the file", async () => {
  const messages = await problemsOf(
    service(
      "cap_add: [FLY]\nprivileged: true\nstop_grace_period: -1s\nnetworks: [none-such]\ndeploy: {placement: {preferences: [{spread: node.labels.a}, {spread: node.labels.b}]}}",
    ),
  );
  expect(messages.map((message) => /^compose\.yaml:(\d+): services\.web\.(\w+)/.exec(message)?.slice(1))).toEqual([
    ["4", "cap_add"],
    ["5", "privileged"],
    ["6", "stop_grace_period"],
    ["7", "networks"],
    ["8", "deploy"],
  ]);
});

test("a part that the reader refuses is reported once", async () => {
  expect(await problemsOf(service("ports: ['80:80', x, '80:81']"))).toEqual([
    expect.stringContaining("'x' is no port"),
    expect.stringContaining("the port 80/tcp is published twice"),
  ]);
});

test("every service has its own problems, under its own name", async () => {
  const messages = await problemsOf(
    file("services:\n  one: {image: a, cap_add: [FLY]}\n  two: {image: b, cap_add: [FLY]}\n"),
  );
  expect(messages).toEqual([
    expect.stringMatching(/^compose\.yaml:2: services\.one\.cap_add: /),
    expect.stringMatching(/^compose\.yaml:3: services\.two\.cap_add: /),
  ]);
});
