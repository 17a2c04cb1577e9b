import { type Case, service } from "./cases";

/** Where the farm differs from docker on purpose: the only excuses of the differential test. */
export const differences: Readonly<
  Record<
    string,
    {
      readonly case: Case;
      readonly why: string;
      readonly docker: "takes" | "refuses" | "ignores";
      readonly path: string;
    }
  >
> = {
  "a dollar sign before a variable": {
    case: service("healthcheck: {test: 'a; [ $? -eq 2 ] && b ${A-b}'}"),
    why: "stays as it is written",
    docker: "takes",
    path: "services.web.healthcheck.test",
  },
  "a dollar sign alone": {
    case: service("command: sh -c 'echo $(date)'"),
    why: "stays as it is written",
    docker: "refuses",
    path: "services.web.command",
  },
  "a default in a default": {
    case: service("hostname: ${A:-${B:-c}}"),
    why: "docker ends the default at the first '}' of 'A'",
    docker: "takes",
    path: "services.web.hostname",
  },
  "a hyphen in a message": {
    case: { ...service("hostname: ${A:?a-b}"), variables: { A: "given" } },
    why: "docker takes '-' for the default of 'A'",
    docker: "takes",
    path: "services.web.hostname",
  },
  "another value": {
    case: { ...service("hostname: ${A:+b}"), variables: { A: "given" } },
    why: "docker takes no '\\+'",
    docker: "refuses",
    path: "services.web.hostname",
  },
  "restart: no": {
    case: service('restart: "no"'),
    why: "docker starts the task again all the same; here it does not",
    docker: "takes",
    path: "services.web.restart",
  },
  "depends_on as a list": {
    case: service("depends_on: [db]", "  db: {image: d}\n"),
    why: "the services that it names come first",
    docker: "ignores",
    path: "services.web.depends_on",
  },
  "depends_on with conditions": {
    case: service("depends_on: {db: {condition: service_healthy}}", "  db: {image: d}\n"),
    why: "'up' waits for it",
    docker: "refuses",
    path: "services.web.depends_on.db.condition",
  },
  name: { case: service("", "name: shop"), why: "its key in the configuration", docker: "refuses", path: "name" },
  "an old version": { case: service("", 'version: "2.4"'), why: "a remark", docker: "refuses", path: "version" },
  "a version as a number": { case: service("", "version: 3.8"), why: "a remark", docker: "refuses", path: "version" },
  profiles: {
    case: service("profiles: []"),
    why: "a service is left out",
    docker: "refuses",
    path: "services.web.profiles",
  },
  "a published port as text": {
    case: service('ports: [{target: 80, published: "8080"}]'),
    why: "text and ranges",
    docker: "refuses",
    path: "services.web.ports[0].published",
  },
  "content of a config": {
    case: service("configs: [a]", "configs: {a: {content: hello}}"),
    why: "the text is the content",
    docker: "refuses",
    path: "configs.a.content",
  },
  "a config of a variable": {
    case: { ...service("configs: [a]", "configs: {a: {environment: A}}"), variables: { A: "hello" } },
    why: "the content is the variable",
    docker: "refuses",
    path: "configs.a.environment",
  },
  "tmpfs in the short form": {
    case: service("tmpfs: /run:size=64m,mode=1777"),
    why: "a tmpfs mount",
    docker: "ignores",
    path: "services.web.tmpfs",
  },
  shm_size: {
    case: service("shm_size: 256m"),
    why: "a tmpfs mount at /dev/shm",
    docker: "ignores",
    path: "services.web.shm_size",
  },
  "network_mode: host": {
    case: service("network_mode: host"),
    why: "the node's network",
    docker: "ignores",
    path: "services.web.network_mode",
  },
  "a network of one node": {
    case: service("networks: [a]", "networks: {a: {driver: bridge}}"),
    why: "here it is an overlay",
    docker: "takes",
    path: "networks.a.driver",
  },
  "permissions in quotes": {
    case: service("configs: [{source: a, mode: '0440'}]", "configs: {a: {content: x}}"),
    why: "here it is octal",
    docker: "refuses",
    path: "services.web.configs[0].mode",
  },
  build: {
    case: { files: { ...service("build: .").files, Dockerfile: "FROM scratch\n" } },
    why: "builds the image",
    docker: "ignores",
    path: "services.web.build",
  },
  extends: {
    case: service("extends: {service: base}", "  base: {image: b, hostname: h}\n"),
    why: "is taken over",
    docker: "refuses",
    path: "services.web.extends",
  },
  platform: {
    case: service("platform: linux/amd64"),
    why: "nodes of this platform",
    docker: "refuses",
    path: "services.web.platform",
  },
  pull_policy: {
    case: service("pull_policy: always"),
    why: "pinned to its digest",
    docker: "refuses",
    path: "services.web.pull_policy",
  },
  "a limit beside deploy": {
    case: service("mem_limit: 64m"),
    why: "the same as",
    docker: "refuses",
    path: "services.web.mem_limit",
  },
  "a boolean variable": {
    case: service("environment: {A: true}"),
    why: "without quotes",
    docker: "refuses",
    path: "services.web.environment.A",
  },
  "a user by number": {
    case: service("user: 1000"),
    why: "text in quotes",
    docker: "refuses",
    path: "services.web.user",
  },
  "links with an alias": {
    case: service("links: ['db:database']", "  db: {image: d}\n"),
    why: "reach each other",
    docker: "ignores",
    path: "services.web.links",
  },
  "external links to a service of the files": {
    case: service("external_links: ['db:database']", "  db: {image: d}\n"),
    why: "as 'links'",
    docker: "ignores",
    path: "services.web.external_links",
  },
  volumes_from: {
    case: service("volumes_from: [db]", "  db: {image: d}\n"),
    why: "are mounted here too",
    docker: "refuses",
    path: "services.web.volumes_from",
  },
  group_add: {
    case: service("group_add: [mail]"),
    why: "groups of",
    docker: "refuses",
    path: "services.web.group_add",
  },
  dns_opt: { case: service("dns_opt: [ndots:1]"), why: "resolv.conf", docker: "refuses", path: "services.web.dns_opt" },
  "a quota of processor time": {
    case: service("cpu_quota: 50000"),
    why: "the same as",
    docker: "refuses",
    path: "services.web.cpu_quota",
  },
  "a limit of swap": {
    case: service("memswap_limit: 1g"),
    why: "the nodes have no swap",
    docker: "refuses",
    path: "services.web.memswap_limit",
  },
  "a name that leaves no room for the hash of the content": {
    case: {
      files: {
        ...service("configs: [a]", `configs: {a: {file: a.txt, name: ${"n".repeat(60)}}}`).files,
        "a.txt": "a",
      },
    },
    why: "the hash of the content takes 13",
    docker: "takes",
    path: "configs.a",
  },
  container_name: {
    case: service("container_name: a"),
    why: "Swarm names containers",
    docker: "ignores",
    path: "services.web.container_name",
  },
  expose: { case: service("expose: [80]"), why: "nothing is needed", docker: "ignores", path: "services.web.expose" },
  "a file of this machine as a bind": {
    case: { files: { ...service("volumes: ['./a.txt:/a.txt:ro']").files, "a.txt": "a" } },
    why: "the file is a config",
    docker: "takes",
    path: "services.web.volumes[0]",
  },
  "a long environment file": {
    case: { files: { ...service("env_file: [{path: a.env, required: false}]").files, "a.env": "A=a" } },
    why: "read as Docker Compose does",
    docker: "refuses",
    path: "services.web.env_file[0].path",
  },
  "x- in deploy": {
    case: service("deploy: {x-a: 1}"),
    why: "a remark",
    docker: "refuses",
    path: "services.web.deploy.x-a",
  },
};
