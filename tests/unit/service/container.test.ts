import { dockerSpec } from "../../../infra/service/docker-spec";
import type { ServiceSpec } from "../../../infra/service/spec/service-spec";

/** The task of an image with these settings. */
const task = (spec: Partial<ServiceSpec>) => dockerSpec({ image: "a", ...spec }).taskSpec;

test.each<[string, Partial<ServiceSpec>, object]>([
  ["variables, sorted", { env: { B: "2", A: "1" } }, { env: { A: "1", B: "2" } }],
  [
    "an entrypoint and arguments",
    { entrypoint: ["sh", "-c"], args: ["true"] },
    { commands: ["sh", "-c"], args: ["true"] },
  ],
  [
    "container labels",
    { containerLabels: { b: "2", a: "1" } },
    {
      labels: [
        { label: "a", value: "1" },
        { label: "b", value: "2" },
      ],
    },
  ],
  ["a hostname", { hostname: "{{.Node.Hostname}}" }, { hostname: "{{.Node.Hostname}}" }],
  [
    "user, groups, working directory",
    { user: "33:33", groups: ["998"], workingDir: "/srv" },
    { user: "33:33", groups: ["998"], dir: "/srv" },
  ],
  [
    "capabilities as Docker's client sends them",
    { capabilities: { add: ["SYS_NICE", "NET_ADMIN"], drop: ["ALL", "CHOWN"] } },
    { capAdds: ["CAP_NET_ADMIN", "CAP_SYS_NICE"], capDrops: ["ALL"] },
  ],
  [
    "a capability in both lists is not dropped",
    { capabilities: { add: ["KILL"], drop: ["KILL", "BPF"] } },
    { capAdds: ["CAP_KILL"], capDrops: ["CAP_BPF"] },
  ],
  ["init", { init: true }, { init: true }],
  ["a terminal and an open input", { tty: true, stdinOpen: true }, { tty: true, stdinOpen: true }],
  [
    "limits of processes, one number for both and two",
    { ulimits: { nproc: -1, nofile: { soft: 10, hard: 20 } } },
    {
      ulimits: [
        { name: "nofile", soft: 10, hard: 20 },
        { name: "nproc", soft: -1, hard: -1 },
      ],
    },
  ],
  [
    "a health check that is quick at the start",
    { health: { command: ["true"], startIntervalSeconds: 90 } },
    { healthcheck: expect.objectContaining({ startInterval: "1m30s" }) },
  ],
  ["sysctls", { sysctls: { "net.core.somaxconn": "1024" } }, { sysctl: { "net.core.somaxconn": "1024" } }],
  [
    "hosts, one name with two addresses",
    {
      hosts: [
        { name: "db", address: "10.0.0.1" },
        { name: "db", address: "fd00::1" },
      ],
    },
    {
      hosts: [
        { host: "db", ip: "10.0.0.1" },
        { host: "db", ip: "fd00::1" },
      ],
    },
  ],
  [
    "search domains alone",
    { dns: { search: ["example.com"] } },
    { dnsConfig: { nameservers: [], searches: ["example.com"] } },
  ],
  [
    "a stop signal and half a second",
    { stopSignal: "SIGQUIT", stopGraceSeconds: 0.5 },
    { stopSignal: "SIGQUIT", stopGracePeriod: "500ms" },
  ],
  ["SELinux", { seLinux: { disable: true } }, { privileges: { seLinuxContext: { disable: true } } }],
  [
    "a check by the shell",
    { health: { shell: "exit 0", retries: 1 } },
    { healthcheck: { tests: ["CMD-SHELL", "exit 0"], interval: "0s", timeout: "0s", retries: 1, startPeriod: "0s" } },
  ],
  [
    "the image's check at other times",
    { health: { intervalSeconds: 90 } },
    { healthcheck: { interval: "1m30s", timeout: "0s", retries: 0, startPeriod: "0s" } },
  ],
  [
    "no check, whatever the image says",
    { health: "none" },
    { healthcheck: { tests: ["NONE"], interval: "0s", timeout: "0s", retries: 0, startPeriod: "0s" } },
  ],
  [
    "a volume by a driver",
    {
      mounts: [
        {
          type: "volume",
          source: "nfs",
          target: "/data",
          readOnly: true,
          noCopy: true,
          driver: { name: "local", options: { type: "nfs", o: "ro" } },
          labels: { team: "a" },
        },
      ],
    },
    {
      mounts: [
        {
          type: "volume",
          source: "nfs",
          target: "/data",
          readOnly: true,
          volumeOptions: {
            noCopy: true,
            driverName: "local",
            driverOptions: { o: "ro", type: "nfs" },
            labels: [{ label: "team", value: "a" }],
          },
        },
      ],
    },
  ],
  [
    "an anonymous volume, without a block that would end the provider",
    { mounts: [{ type: "volume", target: "/data" }] },
    { mounts: [{ type: "volume", target: "/data" }] },
  ],
  [
    "a bind",
    { mounts: [{ type: "bind", source: "/a", target: "/b", propagation: "rslave" }] },
    { mounts: [{ type: "bind", source: "/a", target: "/b", bindOptions: { propagation: "rslave" } }] },
  ],
  [
    "memory",
    { mounts: [{ type: "tmpfs", target: "/tmp", sizeMiB: 64, mode: 0o700 }] },
    { mounts: [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { sizeBytes: 67_108_864, mode: 0o700 } }] },
  ],
  [
    "a config for all",
    { configs: [{ config: { id: "c", name: "n" }, target: "/etc/x" }] },
    { configs: [{ configId: "c", configName: "n", fileName: "/etc/x", fileUid: "0", fileGid: "0", fileMode: 0o444 }] },
  ],
  [
    "a secret with owner and mode",
    { secrets: [{ secret: { id: "s", name: "n" }, target: "key", uid: 33, gid: 34, mode: 0o440 }] },
    { secrets: [{ secretId: "s", secretName: "n", fileName: "key", fileUid: "33", fileGid: "34", fileMode: 0o440 }] },
  ],
])("a container has %s", (_, spec, expected) => {
  expect(task(spec)).toMatchObject({ containerSpec: expected });
});
