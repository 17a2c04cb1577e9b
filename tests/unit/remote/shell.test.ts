import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { script, shellQuote } from "../../../infra/remote/shell";
import { shellCharacters, shellSyntax } from "../../support/arbitraries";

/** Output of a shell for a text. */
function shell(text: string): string {
  return execFileSync("sh", ["-c", text], { encoding: "utf8" });
}

/** Output of a shell for quoted texts. One shell for many: starting it is what takes the time. */
function throughShell(texts: readonly string[]): string[] {
  const printed = shell(texts.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join("\n"));
  return printed.split("\0").slice(0, -1);
}

describe("shellQuote", () => {
  test.each([
    ["worker1", "worker1"],
    ["/var/tmp/a-b_c.tar", "/var/tmp/a-b_c.tar"],
    ["qemu+ssh://root@kvm1:22/system", "qemu+ssh://root@kvm1:22/system"],
    ["", "''"],
    ["a b", "'a b'"],
    ["it's", `'it'\\''s'`],
    ["$(reboot)", "'$(reboot)'"],
    ["~root", "'~root'"],
    ["*", "'*'"],
    ["a\nb", "'a\nb'"],
    ["é", "'é'"],
  ])("%p becomes %s", (value, quoted) => {
    expect(shellQuote(value)).toBe(quoted);
  });

  test("gives the shell back every two characters that mean something to it", () => {
    const pairs = shellCharacters.flatMap((first) => shellCharacters.map((second) => first + second));
    expect(throughShell(pairs)).toEqual(pairs);
  });

  test("gives the shell back every text as it was", () => {
    const texts = fc.array(
      fc.oneof(
        // A command line holds no NUL.
        fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")),
        shellSyntax,
      ),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(texts, (samples) => {
        expect(throughShell(samples)).toEqual(samples);
      }),
      { numRuns: 20 },
    );
  });
});

describe("script", () => {
  test("ends at the first command that fails", () => {
    expect(() => shell(script("false", "echo went on"))).toThrow();
  });

  test("ends at a variable that is not set", () => {
    expect(() => shell(`exec 2>/dev/null\n${script("echo $NOT_SET_ANYWHERE")}`)).toThrow();
  });
});
