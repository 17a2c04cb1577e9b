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

  test("bash completes a typed line", () => {
    const typed = (line: string) =>
      spawnSync(
        "bash",
        [
          "-c",
          `. ${repository}/cli/completion/farm.bash; COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _farm ./farm; printf '%s ' "\${COMPREPLY[@]}"`,
        ],
        { encoding: "utf8", cwd: join(clone.folder, "clone") },
      ).stdout.trim();
    expect(typed("./farm re")).toBe("rebalance recover refresh restore");
    expect(typed("./farm ssh w")).toBe("worker1");
    expect(typed("./farm outputs --j")).toBe("--json");
  });
});
