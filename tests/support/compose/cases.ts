import type { ComposeFiles } from "./stack-deploy";

/** Files of one folder; those that begin with `compose` are deployed, in order. */
export interface Case {
  readonly files: ComposeFiles;
  readonly variables?: Readonly<Record<string, string>>;
}

/** One service with these lines, and what else the file has. */
export function service(lines: string, rest = ""): Case {
  const indented = lines.split("\n").map((line) => `    ${line}`);
  return { files: { "compose.yaml": `services:\n  web:\n    image: nginx:1.29\n${indented.join("\n")}\n${rest}` } };
}

const twoFiles = (base: string, over: string, rest = ""): Case => ({
  files: {
    "compose.1.yaml": `version: "3.9"\nservices:\n  web:\n    image: nginx:1.29\n${base}${rest}`,
    "compose.2.yaml": `version: "3.9"\nservices:\n  web:\n${over}`,
  },
});

/** Files that docker accepts, written by hand: every key that it honours, and the traps. */
export const cases: Readonly<Record<string, Case>> = {
  "an image alone": service(""),
  "an image without a tag": { files: { "compose.yaml": "services: {web: {image: team/web}}" } },
  "a command as text": service(`command: 'sh -c "echo \\"a b\\" ''c d''" x\\ y # note'`),
  "a command as a list, an entrypoint as text": service(`command: [a, "b c"]\nentrypoint: /run --fast`),
  "an empty command": service("command: []\nentrypoint: ''"),
  "environment as a mapping": service(
    `environment:\n  A: 010\n  B: 1e3\n  C: 2020-1-2\n  D: yes\n  E: ""\n  F: 0x1F\n  G: 1_000\n  H: 1.50\n  I:\n  J: .5\n  K: 12345678.9\n  L: 0o17\n  M: -3\n  N: "010"\n  O: 0.00001\n  P: 08\n  Q: 2020-01-01T10:00:00Z\n  R: ~\n  S: 2020-13-45\n  T: +5\n  U: 0b11\n  V: 1e21\n  W: 123456.7`,
  ),
  "environment as a list": service("environment: [A=1, B=, C, 'D=a=b', E=x]\n"),
  "environment from variables": {
    ...service("environment: {A: $A, B: '${B:-b}', C: '${C-c}', D: $$D, E: '${A}x${A}', EMPTY: , A_B: ''}\n"),
    variables: { A: "a", C: "", EMPTY: "given", A_B: "given too" },
  },
  "environment files": {
    files: {
      "compose.yaml": "services: {web: {image: a, env_file: [a.env, b.env], environment: {B: own, F: }}}",
      "a.env": `A="quoted"\n# no\n  B=b # part\nC\nD=\nE = 1\n`.replace("E = 1\n", "E=a=b\n"),
      "b.env": "\ufeffA=later\nG=$A\n",
    },
    variables: { C: "from outside", D: "instead of empty", F: "f" },
  },
  labels: service("labels: {a: 1, b: , c: true-ish}\ndeploy: {labels: ['traefik.enable=true', b, 'c=d=e']}"),
  "user, folder, host name": service(
    `user: "1000:1000"\nworking_dir: /srv\nhostname: "{{.Node.Hostname}}"\nread_only: true\ninit: true`,
  ),
  "init off": service("init: false\nisolation: default"),
  capabilities: service("cap_add: [net_admin, CAP_SYS_TIME, SYS_NICE]\ncap_drop: [all]"),
  "capabilities in both lists": service("cap_add: [CHOWN, ALL]\ncap_drop: [CHOWN, kill]"),
  "sysctls, hosts, name servers": service(
    `sysctls: {net.core.somaxconn: 1024}\nextra_hosts: ["a:10.0.0.1", "b=10.0.0.2", "c:[::1]"]\ndns: 10.0.0.53\ndns_search: [a.example, b.example]`,
  ),
  "hosts as a mapping": service(
    "extra_hosts: {b: 10.0.0.2, a: 10.0.0.1}\nsysctls: [net.a=1, net.b=]\ndns_search: x.example",
  ),
  "stop signal and grace": service("stop_signal: SIGQUIT\nstop_grace_period: 1m30.5s"),
  "no grace": service("stop_grace_period: 0s"),
  "tty, input, limits": service("tty: true\nstdin_open: true\nulimits: {nproc: 65535, nofile: {soft: 10, hard: 20}}"),
  "health as text": service(
    "healthcheck: {test: curl -f localhost || exit 1, interval: 1m30s, timeout: 10s, retries: 3, start_period: 40s}",
  ),
  "a start interval": service("healthcheck: {test: a, start_interval: 5s}"),
  "health as a list": service("healthcheck: {test: [CMD, curl, -f, localhost]}"),
  "health off": service("healthcheck: {disable: true}"),
  "health with NONE": service("healthcheck: {test: [NONE]}"),
  "health with an interval alone": service("healthcheck: {interval: 5s, disable: false}"),
  "an empty health check": service("healthcheck: {}"),
  logging: service(`logging: {driver: json-file, options: {max-size: 10m, max-file: 3, tag: }}`),
  "logging without a driver": service(`logging: {options: {max-size: "10m"}}`),
  "restart always": service("restart: always"),
  "restart unless-stopped": service("restart: unless-stopped"),
  "restart on-failure": service("restart: on-failure:3"),
  "restart on-failure without a number": service("restart: on-failure"),
  "a restart policy wins": service("restart: always\ndeploy: {restart_policy: {condition: none}}"),
  "an empty restart policy": service("deploy: {restart_policy: {}}"),
  "a whole restart policy": service(
    "deploy: {restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 120s}}",
  ),
  "no replicas": service("deploy: {replicas: 0}"),
  replicated: service("deploy: {mode: replicated, replicas: 6}"),
  global: service("deploy: {mode: global}"),
  "a replicated job": service("deploy: {mode: replicated-job, replicas: 3}"),
  "a global job": service("deploy: {mode: global-job}"),
  updates: service(
    "deploy: {update_config: {parallelism: 0, delay: 10s, failure_action: rollback, monitor: 60s, max_failure_ratio: 0.3, order: start-first}, rollback_config: {delay: 1s, order: stop-first}}",
  ),
  "empty updates": service("deploy: {update_config: {}, rollback_config: {}}"),
  resources: service(
    `deploy: {resources: {limits: {cpus: "0.001", memory: 50M}, reservations: {cpus: "0.0015", memory: 1.5gb, generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}}}`,
  ),
  "a limit of processes": service("deploy: {resources: {limits: {pids: 100}}}"),
  placement: service(
    `deploy: {placement: {constraints: ["node.role==manager", "node.labels.a.b != c"], preferences: [{spread: node.labels.zone}], max_replicas_per_node: 5}}`,
  ),
  "several preferences": service(
    "deploy: {placement: {preferences: [{spread: node.labels.zone}, {spread: node.labels.rack}]}}",
  ),
  "no placement": service("deploy: {placement: {max_replicas_per_node: 0}}"),
  "an empty deploy": service("deploy:"),
  dnsrr: service("deploy: {endpoint_mode: dnsrr}"),
  "ports in the short form": service(
    `ports: [80, "443", "8080:80", "9000-9002:9000-9002/udp", "0.0.0.0:53:53/udp", "5000-5010:22", "127.0.0.1:8001:8001/SCTP", "[::1]:6060:6060"]`,
  ),
  "ports in the long form": service(
    "ports: [{target: 80, published: 8080, protocol: tcp, mode: host}, {target: 81}, {target: 82, published: 82}]",
  ),
  "ports of several widths": service(`ports: ["8-12:8-12"]`),
  "port 0": service(`ports: ["0:80"]`),
  "networks as a list": service("networks: [front, back]", "networks: {front: , back: {internal: true}, unused: {}}"),
  "networks as a mapping": service(
    "networks: {front: {aliases: [www, site]}, back: {driver_opts: {a: 1}}, default: }",
    `networks: {front: {driver: overlay, attachable: true, labels: [a=b], driver_opts: {encrypted: "", mtu: 1400}, ipam: {driver: default, config: [{subnet: 10.28.0.0/16}, {subnet: 10.29.0.0/16}]}}, back: {name: fixed}}`,
  ),
  "the default network, changed": service("", "networks: {default: {driver: overlay, name: mine}}"),
  "the node's own network": service("networks: [host]", "networks: {host: {external: true}}"),
  "external networks": service(
    "networks: [a, b, c]",
    "networks: {a: {external: true}, b: {external: true, name: real}, c: {external: {name: old}}}",
  ),
  "volumes in the short form": service(
    "volumes: [data:/data, 'data:/ro:ro,nocopy', /anon, /a, '/var/run/docker.sock:/var/run/docker.sock:ro', '/m:/m:rshared,z', fixed:/f, ext:/e, drv:/d]",
    "volumes: {data: , fixed: {name: real}, ext: {external: true}, drv: {driver: vieux/sshfs, driver_opts: {cmd: x, n: 3}, labels: {a: b}}}",
  ),
  "volumes in the long form": service(
    "volumes: [{type: volume, source: data, target: /data, read_only: true, volume: {nocopy: true}}, {type: bind, source: /x, target: /y, bind: {propagation: shared}, consistency: cached}, {type: tmpfs, target: /t, tmpfs: {size: 1000}}, {type: volume, target: /anon}, {type: tmpfs, target: /u}]",
    "volumes: {data: {driver_opts: {type: nfs}}}",
  ),
  "external volumes by name": service(
    "volumes: ['a:/a1', 'b1:/b']".replace("a:/a1", "a1:/a1"),
    "volumes: {a1: {external: {name: old}}, b1: {name: new, external: true}}",
  ),
  "configs and secrets": {
    files: {
      ...service(
        "configs: [one, {source: two, target: /etc/two, uid: '103', gid: '104', mode: 0440}, ext]\nsecrets: [one, {source: two, mode: 256}]",
        "configs: {one: {file: ./a.txt, labels: {x: y}}, two: {file: b/c.txt, name: fixed}, ext: {external: true}, unused: {file: a.txt}}\nsecrets: {one: {file: a.txt}, two: {external: true, name: theirs}}",
      ).files,
      "a.txt": "a\n",
      "b/c.txt": "\u0000\u00ff",
    },
  },
  "configs and secrets in full": {
    files: {
      ...service(
        "configs: [{source: a, target: /a, uid: '1', gid: '2', mode: 0400}, old]\nsecrets: [{source: b, target: b.txt, uid: '1', gid: '2', mode: 0400}, older]",
        "configs: {a: {file: a.txt}, old: {external: {name: real}}}\nsecrets: {b: {file: a.txt, labels: {a: b}}, older: {external: {name: real}}}",
      ).files,
      "a.txt": "a\n",
    },
  },
  "a whole rollback": service(
    "deploy: {rollback_config: {parallelism: 2, delay: 1s, failure_action: continue, monitor: 3s, max_failure_ratio: 0.5, order: start-first}}",
  ),
  "a rollback that rolls back": service("deploy: {rollback_config: {failure_action: rollback}}"),
  "templates and drivers": {
    files: {
      ...service(
        "configs: [a]\nsecrets: [b, c]",
        "configs: {a: {file: a.txt, template_driver: golang}}\nsecrets: {b: {driver: vault, driver_opts: {k: 1}}, c: {file: a.txt, template_driver: golang}}",
      ).files,
      "a.txt": "a\n",
    },
  },
  "a credential of a file": service("credential_spec: {file: spec.json}"),
  "anchors and merges": {
    files: {
      "compose.yaml": `x-a: &a {labels: {a: "1"}, hostname: h}\nx-b: &b\n  hostname: other\n  user: "5"\nservices:\n  one: {<<: *a, image: i, labels: {b: "2"}}\n  two:\n    image: i\n    <<: [*a, *b]\n  three: {!!merge <<: *b, image: i}\n`,
    },
  },
  "an interpolated terminal": { ...service("tty: ${T}"), variables: { T: "true" } },
  "interpolated types": {
    ...service(
      "read_only: ${Y}\nports: [{target: '${N}', published: '${N}'}]\ndeploy: {replicas: '${N}', update_config: {max_failure_ratio: '${R}'}}\nhealthcheck: {retries: '${N}', test: a}",
    ),
    variables: { Y: "on", N: "7", R: "0.5" },
  },
  "unset variables": service("environment: {A: '${UNSET}', B: 'x${UNSET:-}y'}"),
  "a template as a default": service("hostname: '${UNSET:-{{.Task.Slot}}}'"),
  remarks: service("x-note: {a: 1}", "x-top: [1, 2]"),
  "two files": twoFiles(
    "    environment: {A: a, B: b, C: c}\n    command: one\n    ports: ['80:80', '81:81']\n    labels: {a: x}\n    volumes: [/a:/x, /b:/y]\n    deploy: {replicas: 2, labels: {a: '1'}, placement: {constraints: [node.role == worker]}, update_config: {delay: 1s, order: start-first}}\n    logging: {driver: json-file, options: {a: '1', b: '2'}}\n    cap_add: [CHOWN]\n    dns: [1.1.1.1]\n    hostname: h\n    init: true\n    stop_grace_period: 5s\n    healthcheck: {interval: 5s, test: [CMD, a]}\n    networks: {default: {aliases: [x]}}\n",
    "    image: nginx:2\n    environment: [B=, C=d, E=e]\n    command: [two, three]\n    ports: ['82:80', '81:99']\n    labels: [a=y, b=z]\n    volumes: [/c:/x, /d:/w]\n    deploy: {replicas: 3, labels: {b: '2'}, placement: {constraints: [node.labels.a == b]}, update_config: {delay: 2s}, restart_policy: {condition: any}}\n    logging: {options: {b: '3'}}\n    cap_add: [KILL]\n    dns: [8.8.8.8]\n    stop_grace_period: 7s\n    healthcheck: {interval: 7s}\n    networks: {default: {aliases: [y]}}\n  db: {image: d}\n",
  ),
  "two files with another logging driver": twoFiles(
    "    logging: {driver: a, options: {x: '1'}}\n",
    "    logging: {driver: b, options: {y: '2'}}\n",
  ),
  "two files with configs": {
    files: {
      ...twoFiles(
        "    configs: [a, b]\n",
        "    configs: [{source: a, target: /x}]\n",
        "configs: {a: {file: a.txt}, b: {file: a.txt}}\n",
      ).files,
      "a.txt": "a",
    },
  },
};
