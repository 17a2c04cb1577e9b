import { docker } from "../../../../cli/commands/docker";
import { outputs } from "../../../../cli/commands/outputs";
import { rebalance } from "../../../../cli/commands/rebalance";
import { secret } from "../../../../cli/commands/secret";
import { ssh } from "../../../../cli/commands/ssh";
import type { CommandDefinition } from "../../../../cli/command-line/command";
import { FakeFarm, printed, printing } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm().built(["manager1", "manager2"], ["worker1"]);
});
afterEach(() => {
  farm.remove();
});

const run = async (command: CommandDefinition, words: readonly string[] = [], options = {}) =>
  command.run(farm.context(), { arguments: words, options });

describe("ssh", () => {
  test("passes its words to the node's shell unchanged, and exits with the command's status", async () => {
    farm.ssh('did "$node" "$line"; exit 5');
    await expect(run(ssh, ["worker1", "journalctl -u docker | tail", "-n", "2"])).rejects.toMatchObject({ status: 5 });
    expect(farm.done).toEqual(["worker1 journalctl -u docker | tail -n 2"]);
  });

  test("opens a shell without a command", async () => {
    farm.ssh('did "$node" "[$line]"');
    await run(ssh, ["manager2"]);
    expect(farm.done).toEqual(["manager2 []"]);
  });

  test.each(["worker2", "", "../id_ed25519", "any.manager"])(
    "refuses '%s', which is not a node, and connects to none",
    async (name) => {
      farm.program("ssh");
      await expect(run(ssh, [name])).rejects.toThrow(
        `there is no node '${name}'; there are: manager1, manager2, worker1`,
      );
      expect(farm.calls).toEqual([]);
    },
  );

  test("exits with ssh's status if the node cannot be reached", async () => {
    farm.ssh("exit 255");
    await expect(run(ssh, ["worker1", "true"])).rejects.toMatchObject({ status: 255 });
  });

  test("says what starts an isolated farm that does not run", async () => {
    farm.state("hypervisor", "isolated\n");
    await expect(run(ssh, ["worker1"])).rejects.toThrow("the farm's hypervisor is not running: ./farm up starts it");
  });
});

describe("docker", () => {
  test.each([
    [["node", "ls"], "docker node ls"],
    [["service", "ls", "--format", "{{.Name}} {{.Replicas}}"], "docker service ls --format '{{.Name}} {{.Replicas}}'"],
    [["exec", "a", "sh", "-c", "echo $HOME; rm 'x'"], `docker exec a sh -c 'echo $HOME; rm '\\''x'\\'''`],
    [["info", ""], "docker info ''"],
    [[], "docker"],
  ])("%j runs docker on a manager that answers, with each argument quoted", async (words, line) => {
    farm.ssh('did "$node" "$line"');
    await run(docker, words);
    expect(farm.done).toEqual([`any.manager ${line}`]);
  });

  test("of a farm that is not there says how to build it, and connects to nothing", async () => {
    const none = new FakeFarm();
    try {
      none.programs({ ssh: "exit 9", pulumi: "echo \"error: no stack named 'dev' found\" >&2; exit 255" });
      await expect(docker.run(none.context(), { arguments: ["ps"], options: {} })).rejects.toThrow(
        "the farm 'dev' is not there: ./farm up builds it",
      );
      expect(none.calls.filter((call) => call.startsWith("ssh"))).toEqual([]);
    } finally {
      none.remove();
    }
  });

  test("exits with docker's status", async () => {
    farm.ssh("exit 125");
    await expect(run(docker, ["nonsense"])).rejects.toMatchObject({ status: 125 });
  });
});

describe("with ssh files of another machine", () => {
  beforeEach(() => {
    farm.forget("ssh/id_ed25519");
  });

  test("a state that cannot be read ends ssh and docker before they connect", async () => {
    farm.programs({ ssh: "exit 9", pulumi: "echo 'error: incorrect passphrase' >&2; exit 255" });
    for (const attempt of [async () => run(ssh, ["worker1"]), async () => run(docker, ["ps"])])
      await expect(attempt()).rejects.toThrow(/^the ssh files of stack 'dev' cannot be read: .*passphrase/);
    expect(farm.calls.filter((call) => call.startsWith("ssh"))).toEqual([]);
  });

  test("nodes come from the stack's outputs, and removed nodes are forgotten", async () => {
    const files = JSON.stringify({ id_ed25519: "key", "worker7.host": "10.77.0.17" });
    farm.programs({ pulumi: printing(files) });
    farm.ssh('did "$node"');
    await run(ssh, ["worker7", "true"]);
    expect(farm.done).toEqual(["worker7"]);
    await expect(run(ssh, ["worker1"])).rejects.toThrow("there is no node 'worker1'; there are: worker7");
  });
});

describe("rebalance", () => {
  test("reports that no steward runs, and how to see why", async () => {
    farm.ssh("echo 'no such service: steward' >&2; exit 1");
    await expect(run(rebalance)).rejects.toThrow(/^no steward runs: .*\.\/farm docker service ps steward$/);
  });

  test("says so if no manager answers", async () => {
    farm.ssh("echo 'Connection refused' >&2; exit 255");
    await expect(run(rebalance)).rejects.toThrow("no manager says where 'steward' runs: Connection refused");
  });

  test("quotes the name of a service for the node's shell", async () => {
    farm.ssh(
      "case $line in *'service ps'*) echo 'manager1 steward.1.a Running 1 second ago' ;; *) did \"$line\" ;; esac",
    );
    await run(rebalance, ["web; reboot"]);
    expect(farm.done).toEqual([expect.stringMatching(/ --config \/etc\/steward\.json 'web; reboot'$/)]);
  });
});

describe("outputs", () => {
  const answer = {
    nodes: [{ name: "manager1", role: "manager", address: "10.0.0.1" }],
    urls: { hello: "http://10.0.0.1:8080" },
  };

  test("--json prints Pulumi's outputs without ssh files and logins", async () => {
    farm.program(
      "pulumi",
      printing(JSON.stringify({ ...answer, sshFiles: { id_ed25519: "hush" }, logins: { a: "hush" } })),
    );
    const text = await printed(() => run(outputs, [], { json: true }));
    expect(JSON.parse(text)).toMatchObject(answer);
    expect(text).not.toContain("hush");
    expect(await printed(() => run(outputs))).toMatch(
      /^NODE .*\nmanager1 .*\n(.*\n)*http:\/\/10\.0\.0\.1:8080 +hello\n/,
    );
  });

  test.each([
    ["a stack that does not exist", "echo 'error: no stack named dev found' >&2; exit 255", /dev/],
    ["a wrong passphrase", "echo 'error: incorrect passphrase' >&2; exit 255", /passphrase/],
    ["an answer that is cut off", "printf '{\"urls\":'", /cannot be read|not JSON|outputs/],
  ])("%s is an error, and stdout stays empty", async (_name, body, reason) => {
    farm.program("pulumi", body);
    let failed: unknown;
    const text = await printed(async () => {
      failed = await run(outputs, [], { json: true }).catch((error: unknown) => error);
    });
    expect(text).toBe("");
    expect(failed).toMatchObject({ name: "FarmError", message: expect.stringMatching(reason) });
  });
});

test("secret lists no users of a farm that was never built", async () => {
  farm.program("pulumi", "echo '{}'");
  await expect(run(secret, ["admin"])).rejects.toThrow("there is no user 'admin'; there are: none");
});
