import { allCommands } from "../../../../cli/commands";
import { farm, type Surroundings } from "../../../../cli/farm";
import { FakeFarm } from "../../../support/fake-farm";

const commands = allCommands();

let fake: FakeFarm;
beforeEach(() => {
  fake = new FakeFarm({ pulumi: "exit 9", ssh: "exit 9", virsh: "exit 9" });
  fake.configure();
});
afterEach(() => {
  fake.remove();
});

/** The programs that ran, besides the look for an installed Pulumi. */
const ran = () => fake.calls.filter((call) => call !== "pulumi version");

/** `./farm WORDS…` of a person without a terminal: the exit status, the answer, and the messages. */
async function typed(...words: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const stream = (to: string[]) => ({
    columns: 80,
    isTTY: false,
    on: () => undefined,
    write: (text: string) => to.push(text),
  });
  const around = {
    env: { HOME: fake.home, PATH: process.env.PATH },
    stdin: { isTTY: false },
    stdout: stream(out),
    stderr: stream(err),
    on: () => undefined,
    off: () => undefined,
    exit: () => undefined,
  } as unknown as Surroundings;
  const status = await farm(() => commands, words, around, fake.home);
  return { status, out: out.join(""), err: err.join("") };
}

test.each(commands.map(({ name }) => [name]))(
  "%s has a help with usage, summary and examples, and exit status 0",
  async (name) => {
    const { status, out, err } = await typed(name, "--help");
    const {
      summary,
      examples = [],
      options = [],
    } = commands.find((command) => command.name === name) ?? { summary: "?" };
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`^usage: \\./farm ${name}\\b`, "i"));
    const words = out.replaceAll(/\s+/g, " ");
    expect(words.toLowerCase()).toContain(summary.toLowerCase());
    for (const { line } of examples) expect(words).toContain(line);
    for (const { flags } of options) expect(words).toContain(flags);
  },
);

test.each(commands.filter(({ arguments: [first] = [] }) => first?.syntax.startsWith("<")).map(({ name }) => [name]))(
  "%s without its argument exits with 2 and runs nothing",
  async (name) => {
    const { status, out, err } = await typed(name);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(/^farm: missing .*argument/);
    expect(ran()).toEqual([]);
  },
);

test.each(commands.filter(({ passesOn = false }) => !passesOn).map(({ name }) => [name]))(
  "%s refuses an unknown option with 2 before it runs anything",
  async (name) => {
    const { status, err } = await typed(name, "--no-such-option");
    expect(status).toBe(2);
    expect(err).toMatch(/^farm: .*--no-such-option/);
    expect(ran()).toEqual([]);
  },
);

test.each(["up", "preview", "refresh", "destroy"])(
  "%s refuses an argument that is not an option of Pulumi",
  async (name) => {
    fake.state("hypervisor", "system\n");
    const { status, err } = await typed(name, "worker1");
    expect(status).toBe(2);
    expect(err).toContain(
      `unexpected argument 'worker1': only Pulumi's own options may follow, behind --; ./farm ${name} --help`,
    );
    expect(ran()).toEqual([]);
  },
);

test.each([
  [["secret", "admin", "--stack", "Lab"], "the stack's name 'Lab' must be lower-case letters"],
  [["outputs", "--stack", "backups"], "no stack can be named 'backups'"],
  [["destroy", "--stack", "lab"], "there is no farm 'lab' here"],
  [["completion", "tcsh"], "there is no completion for 'tcsh'; there is for bash, zsh, fish"],
  [["stack", "show", "x"], "there is no './farm stack show'; there are: add, remove, list"],
  [["restore", "f", "registry"], "a backup has no part 'registry'; there are: swarm, mysql"],
  [["ssh", "worker9"], "there is no node 'worker9'; there are: none, ./farm up makes them"],
])("%j fails with a reason on standard error, and prints no answer", async (words, reason) => {
  fake.program("pulumi", "echo 'error: no stack named dev found' >&2; exit 255");
  const { status, out, err } = await typed(...words);
  expect([status, out]).toEqual([1, ""]);
  expect(err).toMatch(/^farm: /);
  expect(err).toContain(reason);
});

test("an unknown part of the tests exits with 2", async () => {
  const { status, err } = await typed("test", "everything");
  expect(status).toBe(2);
  expect(err).toBe("farm: unknown part 'everything'; there are unit, live, faults\n");
});

test("./farm exits with the status of the program that a command runs, without a message", async () => {
  fake.program("probe", "exit 42");
  expect(await typed("run", "probe", "--stack", "a b")).toEqual({ status: 42, out: "", err: "" });
  expect(ran()).toEqual(["probe --stack a b"]);
  expect((await typed("run", "--", "no-such-program-here")).status).toBe(127);
});
