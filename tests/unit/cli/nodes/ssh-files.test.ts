import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docker } from "../../../../cli/commands/docker";
import { ssh } from "../../../../cli/commands/ssh";
import { EndedWith } from "../../../../cli/base/errors";
import { nodesWithFiles, writeSshFiles } from "../../../../cli/nodes/ssh-files";
import { FakeFarm, printed } from "../../../support/fake-farm";

let fake: FakeFarm;
beforeEach(() => {
  fake = new FakeFarm();
});
afterEach(() => {
  fake.remove();
});

const folder = () => join(fake.context().folders.state, "ssh");
const content = (name: string) => readFileSync(join(folder(), name), "utf8");
const others = () => ({ environment: { ...fake.context().environment, PULUMI_BACKEND_URL: "s3://theirs" } });

/** How often the stack's output was read, once these are the files of the last update. */
async function written(files: Readonly<Record<string, string>>, more = {}): Promise<number> {
  fake.write("files.json", JSON.stringify(files));
  fake.program("pulumi", 'cat "$here/files.json"');
  await printed(() => writeSshFiles(fake.context(more)));
  return fake.calls.length;
}

function fails(message: string): void {
  fake.write("message", message);
  fake.program("pulumi", 'cat "$here/message" >&2; exit 255');
}

const one = { id_ed25519: "key", config: "Include @DIR@/*.host\n", "worker1.host": "w1\n", "worker1.known": "k1\n" };
const two = { id_ed25519: "key", config: "Include @DIR@/*.host\n", "worker2.host": "w2\n", "worker2.known": "k2\n" };

test("are written for their owner alone if this machine has none", async () => {
  expect(await written(one)).toBe(1);
  expect(content("config")).toBe(`Include ${folder()}/*.host\n`);
  expect(statSync(join(folder(), "id_ed25519")).mode & 0o777).toBe(0o600);
  expect(nodesWithFiles(fake.context())).toEqual(["worker1"]);
});

test("are written again after another update, and not read before there is one", async () => {
  await written(one);
  expect(await written(two)).toBe(1);
  const checkpoint = join(fake.home, "backend", ".pulumi", "stacks", "swarm-farm", "dev.json");
  mkdirSync(join(checkpoint, ".."), { recursive: true });
  writeFileSync(checkpoint, "{}");
  utimesSync(checkpoint, new Date(), new Date(Date.now() + 5000));
  writeFileSync(join(fake.context().folders.state, "settled"), "");
  expect(await written(two)).toBe(2);
  expect(readdirSync(folder()).filter((name) => name.startsWith("worker"))).toEqual(["worker2.host", "worker2.known"]);
});

test("are read from a shared backend every time", async () => {
  await written(one, others());
  expect(await written(two, others())).toBe(2);
  expect(content("worker2.host")).toBe("w2\n");
});

test("stay unchanged if the backend cannot be reached, with a warning", async () => {
  await written(one, others());
  fails("error: no route to host");
  await printed(() => writeSshFiles(fake.context(others())));
  expect(fake.printed).toContain(`cannot be read, those in ${folder()} are used: pulumi: no route to host`);
  expect(content("worker1.host")).toBe("w1\n");
});

test("a stack without nodes has no files", async () => {
  for (const message of [
    `error: no stack named "dev" found`,
    "error: current stack does not have output property sshFiles",
  ]) {
    fails(message);
    await printed(() => writeSshFiles(fake.context()));
  }
  expect(existsSync(folder())).toBe(false);
});

test("a wrong passphrase is reported if this machine has no files", async () => {
  fails("error: getting secrets manager: incorrect passphrase");
  await expect(printed(() => writeSshFiles(fake.context()))).rejects.toThrow(
    "the ssh files of stack 'dev' cannot be read: the passphrase",
  );
});

describe("ssh and docker", () => {
  beforeEach(async () => {
    await written(one);
    fake.program("ssh", 'exit "${STATUS:-0}"');
  });
  const typed = (...words: readonly string[]) => ({ arguments: words, options: {} });
  const lastCall = () => fake.calls.at(-1);

  test("ssh passes its words to the node's shell unchanged", async () => {
    await printed(() => ssh.run(fake.context(), typed("worker1", "ls", "-l | wc")));
    expect(lastCall()).toBe(`ssh -F ~/.local/state/swarm-farm/dev/ssh/config worker1 ls -l | wc`);
  });

  test("an unknown node is reported with a list of the nodes", async () => {
    await expect(printed(() => ssh.run(fake.context(), typed("worker9")))).rejects.toThrow(
      "there is no node 'worker9'; there are: worker1",
    );
  });

  test("docker's arguments are quoted for the manager's shell", async () => {
    await printed(() => docker.run(fake.context(), typed("node", "ls", "--format", "{{.ID}} it's")));
    expect(lastCall()).toBe(
      `ssh -F ~/.local/state/swarm-farm/dev/ssh/config any.manager docker node ls --format '{{.ID}} it'\\''s'`,
    );
  });

  test("the exit status is the command's", async () => {
    fake.program("ssh", "exit 4");
    await expect(printed(() => ssh.run(fake.context(), typed("worker1", "false")))).rejects.toEqual(new EndedWith(4));
  });
});
