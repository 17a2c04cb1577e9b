import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { allCommands } from "../../../../cli/commands";
import { BareClone } from "../../../support/bare-clone";
import { repository } from "../../../support/program";

const commands = allCommands();

let clone: BareClone;
beforeEach(() => {
  clone = new BareClone();
});
afterEach(() => {
  clone.remove();
});

describe("completion", () => {
  const words = (...line: readonly string[]) =>
    clone
      .farm(["__complete", ...line])
      .stdout.split("\n")
      .filter(Boolean)
      .map((candidate) => candidate.split("\t")[0]);

  test("completes the first word with the commands", () => {
    expect(words("")).toEqual([...commands.map(({ name }) => name), "help"]);
    expect(words("help", "")).toEqual(words(""));
  });

  test("completes ssh with nodes, --stack with stacks and completion with shells", () => {
    expect(words("ssh", "")).toEqual(["manager1", "worker1"]);
    expect(words("up", "--stack", "")).toEqual(["dev", "lab"]);
    expect(words("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(words("stack", "")).toEqual(["add", "remove", "list"]);
    expect(words("restore", "night.backup", "")).toEqual(["swarm", "mysql"]);
    expect(words("restore", "")).toEqual([]);
  });

  test("completes a flag with those of its command", () => {
    expect(words("outputs", "-")).toEqual(["--json", "--stack", "--isolated", "--help"]);
    expect(words("nothing", "-")).toEqual([]);
    expect(words("outputs", "")).toEqual([]);
  });

  const installed = ["bash", "zsh", "fish"].filter((shell) => existsSync(join("/usr/bin", shell)));
  test.each(installed)("the script for %s is well-formed", (shell) => {
    const file = join(repository, "cli", "completion", `farm.${shell}`);
    expect(spawnSync(shell, ["-n", file], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  /** Lines that print what each shell's script offers for a typed line, without explanations. */
  const completing: Readonly<Record<string, (line: string) => string>> = {
    bash: (line) =>
      `. ${repository}/cli/completion/farm.bash; COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _farm ./farm; printf '%s\n' "\${COMPREPLY[@]}"`,
    // zsh itself leaves out the words that do not begin as typed.
    zsh: (line) =>
      `compdef() { :; }; _describe() { print -rl -- "\${(@M)\${(@)described%%:*}:#\${words[-1]}*}"; }; . ${repository}/cli/completion/farm.zsh; words=(${line}); CURRENT=$#words; _farm`,
    fish: (line) =>
      `source ${repository}/cli/completion/farm.fish; complete -C '${line}' | string replace -r '\\t.*' ''`,
  };

  test.each(installed)("%s completes a typed line", (shell) => {
    const typed = (line: string) =>
      spawnSync(shell, ["-c", completing[shell]?.(line) ?? ""], {
        encoding: "utf8",
        cwd: join(clone.folder, "clone"),
      })
        .stdout.trim()
        .split("\n");
    expect(typed("./farm reb")).toEqual(["rebalance"]);
    expect(typed("./farm reco")).toEqual(["recover"]);
    expect(typed("./farm ssh w")).toEqual(["worker1"]);
    expect(typed("./farm outputs --j")).toEqual(["--json"]);
    expect(typed("./farm stack l")).toEqual(["list"]);
  });
});
