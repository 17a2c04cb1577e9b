import { allCommands } from "../../../../cli/commands";
import type { CommandDefinition } from "../../../../cli/command-line/command";
import { helpOf, parse, type Parsed } from "../../../../cli/command-line/parser";

const commands = allCommands();

const nothing = () => Promise.resolve();
const definitions: readonly CommandDefinition[] = [
  { name: "outputs", summary: "nodes and URLs", options: [{ flags: "--json", description: "as JSON" }], run: nothing },
  {
    name: "ssh",
    summary: "a shell",
    arguments: [
      { syntax: "<node>", description: "a node" },
      { syntax: "[command...]", description: "its command" },
    ],
    passesOn: true,
    run: nothing,
  },
  {
    name: "up",
    summary: "build",
    arguments: [{ syntax: "[pulumi...]", description: "Pulumi's" }],
    options: [{ flags: "--accept-data-loss <node>", description: "lets it go", repeatable: true }],
    passesOptionsOn: true,
    run: nothing,
  },
];

function parsed(...argv: readonly string[]): Parsed {
  const found = parse(definitions, argv);
  if (typeof found === "string") throw new Error(`help: ${found}`);
  return found;
}

test("without --stack a command uses the farm that the environment names", () => {
  expect(parsed("outputs", "--json")).toEqual({
    definition: definitions[0],
    invocation: { arguments: [], options: { json: true } },
    stack: undefined,
    isolated: false,
  });
});

test.each([
  [["outputs", "--stack", "lab", "--isolated"]],
  [["outputs", "-s", "lab", "--isolated"]],
  [["outputs", "--isolated", "--stack=lab"]],
])("%j names another farm", (argv) => {
  expect(parsed(...argv)).toMatchObject({ stack: "lab", isolated: true });
});

test("words after the node belong to the node's shell", () => {
  const { invocation, stack } = parsed("ssh", "--stack", "lab", "worker1", "ls", "-l", "--stack", "x", "--help");
  expect(stack).toBe("lab");
  expect(invocation.arguments).toEqual(["worker1", "ls", "-l", "--stack", "x", "--help"]);
  expect(parsed("ssh", "--", "worker1", "-x").invocation.arguments).toEqual(["worker1", "-x"]);
});

test("Pulumi's options keep their order, and those of ./farm are found among them", () => {
  const { invocation } = parsed(
    "up",
    "--diff",
    "--accept-data-loss",
    "a",
    "-y",
    "--accept-data-loss=b",
    "--target",
    "urn",
  );
  expect(invocation).toEqual({
    arguments: ["--diff", "-y", "--target", "urn"],
    options: { acceptDataLoss: ["a", "b"] },
  });
});

test.each([
  [["outputz"], "unknown command 'outputz'; ./farm help lists them all; did you mean 'outputs'?"],
  [["frobnicate"], "unknown command 'frobnicate'; ./farm help lists them all"],
  ...[
    ["outputz", "--help"],
    ["help", "outputz"],
    ["help", "outputz", "--help"],
  ].map((argv): [string[], string] => [
    argv,
    "unknown command 'outputz'; ./farm help lists them all; did you mean 'outputs'?",
  ]),
  [["outputs", "--jsn"], "unknown option '--jsn'; ./farm outputs --help lists what it takes; did you mean '--json'?"],
  [
    ["outputs", "x"],
    "too many arguments for 'outputs'. Expected 0 arguments but got 1; ./farm outputs --help lists what it takes",
  ],
  [["ssh"], "missing required argument 'node'; ./farm ssh --help lists what it takes"],
  [["outputs", "--stack"], "option '-s, --stack <name>' argument missing; ./farm outputs --help lists what it takes"],
])("%j is refused in one line", (argv, message) => {
  expect(() => parse(definitions, argv)).toThrow(expect.objectContaining({ message, exitCode: 2 }) as Error);
});

test.each([[[]], [["help"]], [["--help"]], [["-h"]]])("%j lists the commands", (argv) => {
  expect(parse(definitions, argv)).toMatch(/^Usage: \.\/farm COMMAND[^]*outputs +nodes and URLs/);
});

test.each([[["help", "ssh"]], [["ssh", "--help"]], [["ssh", "-h"]]])("%j prints the help of a command", (argv) => {
  expect(parse(definitions, argv)).toMatch(/^Usage: \.\/farm ssh \[options\] <node> \[command\.\.\.\]\n\nA shell\./);
});

describe.each(commands.map((definition) => [definition.name, definition] as const))(
  "the command %s",
  (name, definition) => {
    test("has a summary in lower case without a full stop", () => {
      expect(definition.summary).toMatch(/^(?!.*\.$)[^A-Z]|^Pulumi/);
      expect(definition.summary.length).toBeLessThan(80);
    });

    test.each([
      [80, 80],
      [200, 80],
      [60, 60],
    ])("has a help that fits a terminal of %d columns in %d", (columns, width) => {
      const found = parse(commands, [name, "--help"], columns);
      const help = typeof found === "string" ? found : "";
      expect(help).toContain("Usage: ");
      const examples = new Set((definition.examples ?? []).map(({ line }) => `  ${line}`));
      const long = help.split("\n").filter((line) => line.length > width && !examples.has(line));
      expect(long).toEqual([]);
      expect(help).not.toContain("\u001b");
    });

    test("has examples that fit 80 columns", () => {
      expect(
        helpOf(commands, name)
          .split("\n")
          .filter((line) => line.length > 80),
      ).toEqual([]);
    });

    test("has examples of this command", () => {
      for (const { line } of definition.examples ?? []) expect(line).toContain(`./farm ${name}`);
    });
  },
);

test.each(commands.filter(({ passesOptionsOn }) => passesOptionsOn !== true).map(({ name }) => [name]))(
  "%s refuses an unknown flag and suggests the nearest",
  (name) => {
    expect(() => parse(commands, [name, "--stak", "x"])).toThrow(
      `unknown option '--stak'; ./farm ${name} --help lists what it takes; did you mean '--stack'?`,
    );
  },
);
