import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { chain, type Stage } from "../../../../cli/process/chain";
import { CommandError } from "../../../../cli/process/run";

const sh = (script: string, secret?: string): Stage => ({
  argv: ["sh", "-c", script],
  ...(secret !== undefined && { secret }),
});

test("each program reads the output of the previous one, and the sink that of the last", async () => {
  const input = Readable.from(["b\n", "a\n"]);
  await expect(chain(input, [sh("sort"), sh("tr a-z A-Z")], text)).resolves.toBe("A\nB\n");
});

test("without an input the first program reads nothing", async () => {
  await expect(chain(undefined, [sh("cat; echo end")], text)).resolves.toBe("end\n");
});

test("passes on bytes that are not text, and more of them than a pipe holds", async () => {
  const count = async (output: Readable) => {
    let length = 0;
    for await (const chunk of output) length += (chunk as Buffer).length;
    return length;
  };
  await expect(chain(undefined, [sh("head -c 3000000 /dev/urandom"), sh("cat")], count)).resolves.toBe(3_000_000);
});

test("a secret is passed at file descriptor 3, and is on no command line", async () => {
  const script = "cat <&3; tr '\\0' ' ' </proc/$$/cmdline";
  await expect(chain(undefined, [sh(script, "hidden")], text)).resolves.toMatch(/^hiddensh -c (?!.*hidden)/);
});

test.each<[string, Stage[], string]>([
  [
    "reports the last program that fails",
    [sh("exit 3"), sh("cat >/dev/null; echo why >&2; exit 4")],
    "sh ended with 4: why",
  ],
  [
    "reports a previous program that fails if the last one succeeds",
    [sh("echo no >&2; exit 3"), sh("cat")],
    "sh ended with 3: no",
  ],
  ["a program that reads nothing ends the previous ones", [sh("yes"), sh("exit 5")], "sh ended with 5"],
  ["a missing program has the shell's status 127", [{ argv: ["/nowhere"] }], "/nowhere ended with 127"],
])("%s", async (_, stages, message) => {
  const ended = chain(undefined, stages, text);
  await expect(ended).rejects.toThrow(CommandError);
  await expect(ended).rejects.toThrow(message);
});

test("a sink that fails ends the programs, and its error is reported if they succeed", async () => {
  const failing = async (output: Readable): Promise<never> => {
    await text(output);
    throw new Error("no room");
  };
  await expect(chain(undefined, [sh("echo")], failing)).rejects.toThrow("no room");
});

test("a chain without a program is a programming error", async () => {
  await expect(chain(undefined, [], text)).rejects.toThrow("a chain needs a program");
});
