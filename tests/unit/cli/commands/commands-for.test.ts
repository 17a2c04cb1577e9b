import { allCommands, commandsFor } from "../../../../cli/commands";

test.each(allCommands().map(({ name }) => [name]))("%s is loaded by its name, alone", (name) => {
  expect(commandsFor([name, "--help"]).map((command) => command.name)).toEqual([name]);
});

test.each([[[]], [["help", "up"]], [["upp"]], [["toString"]], [["-h"]]])(
  "%j has all commands to choose from",
  (argv) => {
    expect(commandsFor(argv)).toHaveLength(allCommands().length);
  },
);
