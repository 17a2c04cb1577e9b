import * as pulumi from "@pulumi/pulumi";
import { remoteCommand } from "../../infra/remote/command";
import { localCommand } from "../../infra/remote/local-command";
import { swarmCommand } from "../../infra/remote/swarm-command";
import { find, record, type Registered } from "../support/mocks";
import { runWith } from "../support/fake-programs";
import { access } from "../support/samples";
import { sshClient } from "../support/ssh-client";

test("a local command logs nothing by default, and one that undoes its work is deleted before it is replaced", async () => {
  const resources = await record(() => {
    localCommand("kept", { create: "echo hi" }, {});
    localCommand("undone", { create: "echo hi", delete: "echo bye" }, {});
    localCommand(
      "chosen",
      { create: "echo hi", delete: "echo bye", logging: "stdout" },
      { deleteBeforeReplace: false },
    );
  });
  const facts = ["kept", "undone", "chosen"].map((name) => {
    const { inputs, deleteBeforeReplace } = find(resources, name);
    return [inputs.logging, deleteBeforeReplace];
  });
  expect(facts).toEqual([
    ["none", undefined],
    ["none", true],
    ["stdout", false],
  ]);
});

describe("remoteCommand", () => {
  let command: Registered;

  beforeAll(async () => {
    const resources = await record(() => {
      remoteCommand(
        "hi",
        { on: access(), create: "echo hi", delete: "echo bye", stdin: pulumi.secret("token"), triggers: ["a"] },
        {},
      );
    });
    command = find(resources, "hi");
  });

  test("dials the node until it has booted, and no other machine", () => {
    expect(command.inputs.connection).toEqual({
      secret: {
        host: "10.77.0.21",
        port: 22,
        user: "root",
        privateKey: "login key",
        hostKey: "host key",
        dialErrorLimit: -1,
        perDialTimeout: 15,
      },
    });
  });

  test("logs nothing, and keeps its input secret", () => {
    expect(command.inputs).toMatchObject({
      logging: "none",
      addPreviousOutputInEnv: false,
      stdin: { secret: "token" },
    });
  });

  test("is deleted before it is replaced", () => {
    expect(command.deleteBeforeReplace).toBe(true);
    expect(command.inputs).toMatchObject({ create: "echo hi", delete: "echo bye", triggers: ["a"] });
  });
});

describe("swarmCommand", () => {
  let command: Registered;
  let there: Registered;

  beforeAll(async () => {
    const resources = await record(() => {
      const shell = sshClient();
      const first = swarmCommand("first", { shell, create: "true" }, {});
      const args = { create: "echo it's", delete: "echo bye", about: "worker1", stdin: pulumi.secret("token") };
      swarmCommand("hi", { shell, after: [first], ...args, triggers: ["a"] }, {});
      swarmCommand(
        "there",
        { shell, create: "echo hi", run: { farm: "dev", on: "worker1", consoleLog: "console" } },
        {},
      );
    });
    there = find(resources, "there");
    command = find(resources, "hi");
  });

  test("runs on any manager, and its delete on any manager but the node that it removes", () => {
    expect(command.inputs.create).toMatch(/^exec ssh .* any\.manager 'echo it'\\''s'$/);
    expect(command.inputs.delete).toMatch(/^exec ssh .* any\.manager\.but\.worker1 'echo bye'$/);
  });

  /** Runs a command's text where these files of ssh's are there. */
  const run = (command: Registered, ssh: string) =>
    runWith(
      `HOME=$PWD; mkdir -p .local/state/swarm-farm/dev/ssh; cp managers .local/state/swarm-farm/dev/ssh; ${command.inputs.create as string}`,
      { ssh },
      {
        files: { managers: ["manager1=10.77.0.11", "manager2=10.77.0.12"], console: ["login:"] },
        env: { FARM_WAIT_SECONDS: "5", XDG_STATE_HOME: "" },
      },
    );

  test("runs on a node, with the managers at that time", () => {
    expect(run(there, "true").calls.join("\n")).toContain(
      "worker1 MANAGERS='manager1=10.77.0.11\nmanager2=10.77.0.12'; FARM_WAIT_SECONDS=5; echo hi",
    );
    expect(there.inputs.delete).toBeUndefined();
  });

  test("prints the console where it fails, and keeps its status and output", () => {
    const failed = run(there, "echo no >&2; exit 3");
    expect([failed.status, failed.stderr]).toEqual([3, "no\n  the end of its console (console):\n    login:\n"]);
    const done = run(there, "echo done");
    expect([done.status, done.stdout, done.stderr]).toEqual([0, "done\n", ""]);
  });

  test("runs a second script on another node, unless the first one fails", async () => {
    const resources = await record(() => {
      const then = { on: "worker1", script: "echo there" };
      swarmCommand(
        "hi",
        { shell: sshClient(), create: "echo hi", run: { farm: "dev", then, consoleLog: "console" } },
        {},
      );
    });
    const hosts = (ssh: string) => {
      const { status, calls } = run(find(resources, "hi"), ssh);
      return [status, ...calls.flatMap((call) => / (any\.manager|worker1) MANAGERS/.exec(call)?.[1] ?? [])];
    };
    expect(hosts("true")).toEqual([0, "any.manager", "worker1"]);
    expect(hosts("exit 3")).toEqual([3, "any.manager"]);
    expect(hosts('case "$*" in *worker1*) exit 4 ;; esac')).toEqual([4, "any.manager", "worker1"]);
  });

  test("runs after its dependencies, and is deleted before it is replaced", () => {
    expect(command.dependsOn).toEqual(["first"]);
    expect(command.deleteBeforeReplace).toBe(true);
  });

  test("logs nothing, and keeps its input secret", () => {
    expect(command.inputs).toMatchObject({
      logging: "none",
      addPreviousOutputInEnv: false,
      stdin: { secret: "token" },
      triggers: ["a"],
    });
  });
});
