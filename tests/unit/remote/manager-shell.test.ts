import { spawnSync } from "node:child_process";
import { shellOfCommand, shellOfHost } from "../../../infra/remote/manager-shell";
import { shellQuote } from "../../../infra/remote/shell";
import { runWith } from "../../support/fake-programs";

const manager = (host: string, ...options: readonly string[]) => shellOfHost(host, options).onManager();

test.each([
  ["ssh://root@10.0.0.5", "ssh -o BatchMode=yes root@10.0.0.5"],
  ["ssh://10.0.0.5", "ssh -o BatchMode=yes 10.0.0.5"],
  ["ssh://admin@swarm.example.com:2222", "ssh -o BatchMode=yes -p 2222 admin@swarm.example.com"],
  ["ssh://do%20e@host", "ssh -o BatchMode=yes 'do e@host'"],
  ["unix:///var/run/docker.sock", "sh -c"],
  ["unix:///run/docker.sock", "sh -c"],
])("scripts for the docker host '%s' run by '%s'", (host, command) => {
  expect(manager(host)).toBe(command);
});

test("options stand before the host, each one word", () => {
  expect(manager("ssh://root@m1", "-i", "/home/a b/key")).toBe("ssh -o BatchMode=yes -i '/home/a b/key' root@m1");
});

test.each(["10.0.0.5", "tcp://10.0.0.5:2375", "ssh://", "ssh://root@m1/var/run/docker.sock", "unix:///tmp/x.sock", ""])(
  "the docker host '%s' is refused with the forms that work",
  (host) => {
    expect(() => manager(host)).toThrow(
      `docker host '${host}' has another form: give 'ssh://USER@HOST' or 'unix:///var/run/docker.sock'`,
    );
  },
);

test("a script reaches the manager as one word, whatever is in it, with its standard input", () => {
  const script = `cat; echo "it's $((1 + 1))"`;
  const call = `exec ${shellOfCommand(["vagrant", "ssh", "m1", "-c"]).onManager()} ${shellQuote(script)}`;
  const { stdout, calls } = runWith(call, { vagrant: 'eval "$4"' }, { input: "in " });
  expect([stdout, calls[0]]).toEqual(["in it's 2\n", `vagrant ssh m1 -c ${script}`]);
});

test("on this machine a script runs in sh", () => {
  const call = `exec ${manager("unix:///var/run/docker.sock")} ${shellQuote('echo "$((2 * 3))"')}`;
  expect(spawnSync("sh", ["-c", call], { encoding: "utf8" }).stdout).toBe("6\n");
});
