import { entryLine } from "../../../../cli/logs/entry";

const time = "2026-11-29T20:24:42.500816488Z";
const line = (fields: Readonly<Record<string, string>>) => entryLine(JSON.stringify({ _time: time, ...fields }));

test.each([
  ["a replicated service", { "attrs.tag": "hello.2.x7kq", node: "worker1" }, "worker1 hello.2"],
  ["a service on each node", { "attrs.tag": "logs-tasks.q1w2e3.x7kq", node: "worker1" }, "worker1 logs-tasks"],
  ["a container without a service", { "attrs.tag": "mine", node: "worker1" }, "worker1 mine"],
  [
    "a container that another driver's options started",
    { file: `/var/lib/docker/containers/${"ab".repeat(32)}/${"ab".repeat(32)}-json.log`, node: "worker1" },
    "worker1 abababababab",
  ],
  [
    "a unit",
    { _HOSTNAME: "manager1", _SYSTEMD_UNIT: "docker.service", SYSLOG_IDENTIFIER: "dockerd" },
    "manager1 docker.service",
  ],
  [
    "systemd about a unit",
    { _HOSTNAME: "manager1", _SYSTEMD_UNIT: "init.scope", UNIT: "docker.service", SYSLOG_IDENTIFIER: "systemd" },
    "manager1 docker.service",
  ],
  ["the kernel", { _HOSTNAME: "manager1", SYSLOG_IDENTIFIER: "kernel" }, "manager1 kernel"],
  ["nobody", {}, "? ?"],
])("an entry of %s", (_, fields, source) => {
  expect(line({ ...fields, _msg: "hello\n" })).toBe(`2026-11-29T20:24:42Z ${source} | hello`);
});

test("each line of a message is one, and nothing changes the terminal", () => {
  const source = "2026-11-29T20:24:42Z w hello.1 |";
  const text = line({ node: "w", "attrs.tag": "hello.1.x", _msg: "one\r\n\ttwo \u001b[31mred\u001b[0m\n" });
  expect(text).toBe(`${source} one\n${source} \ttwo \\u{1b}[31mred\\u{1b}[0m`);
});

test.each(["", "cannot parse query", '{"error":"x"}', "[]"])("'%s' is no entry", (text) => {
  expect(entryLine(text)).toBeUndefined();
});
