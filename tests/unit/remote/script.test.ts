import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { scriptsIn, scriptText, type Scripts } from "../../../infra/remote/script";
import { repository } from "../../support/program";
import { runWith } from "../../support/fake-programs";
import { syntaxError } from "../../support/sh";
import { sources } from "../../support/sources";

/** Every folder of scripts has a `scripts.ts` beside it. */
const folders = sources(...["infra", "stacks", "cli"].filter((folder) => existsSync(join(repository, folder))))
  .filter(({ path }) => path.endsWith("/scripts.ts"))
  .map(({ path }) => jest.requireActual<Declared>(join(repository, path)).scripts);

interface Declared {
  readonly scripts: Scripts<Readonly<Record<string, readonly string[]>>>;
}

/** A script of the program: its declared variables and its file. */
const declared = folders.flatMap(({ folder, variables }) =>
  Object.entries(variables).map(([file, names]) => [relative(repository, join(folder, file)), names] as const),
);

const textOf = (path: string) => readFileSync(join(repository, path), "utf8");

/** The variables that a script's header lists; those of its environment begin with `$`. */
function documented(path: string): string[] {
  const [header = ""] = textOf(path).split("\nset -eu");
  return [...header.matchAll(/^# {3}(\$?[A-Z_0-9]+) {2,}\S/gm)].map(([, name = ""]) => name);
}

test("every script in a folder is declared, and every declared one is there", () => {
  const files = folders.flatMap(({ folder }) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".sh"))
      .map((name) => relative(repository, join(folder, name))),
  );
  expect(declared.map(([path]) => path).sort()).toEqual(files.sort());
  expect(files.length).toBeGreaterThan(25);
});

describe.each(declared)("%s", (path, names) => {
  test("documents exactly the variables of its type", () => {
    expect(documented(path).filter((name) => !name.startsWith("$"))).toEqual(names);
  });

  test("uses each of them, and no other upper-case variable that it does not document or set", () => {
    const text = scriptText(join(repository, path));
    const used = new Set([...text.matchAll(/\$\{?([A-Z][A-Z_0-9]+)/g)].map(([, name = ""]) => name));
    expect(names.filter((name) => !used.has(name))).toEqual([]);
    const known = [...documented(path).map((name) => name.replace("$", "")), ...environment];
    const assigned = [...text.matchAll(/^\s*([A-Z_]+)=/gm)].map(([, name = ""]) => name);
    expect([...used].filter((name) => ![...known, ...assigned].includes(name))).toEqual([]);
  });

  test("is a script of sh that says in its first line where it runs, ends at its first failure, and is well-formed", () => {
    expect(textOf(path)).toMatch(/^#!\/bin\/sh\n# \S/);
    expect(scriptText(join(repository, path))).toMatch(/^set -eu$/m);
    expect(syntaxError(scriptText(join(repository, path)))).toBe("");
  });
});

/** Variables that every machine has for every user, and /etc/os-release. */
const environment = ["HOME", "XDG_STATE_HOME", "FARM_WAIT_SECONDS", "ID", "VERSION_ID"];

describe("a folder's scripts", () => {
  let folder: string;
  const write = (files: Readonly<Record<string, string>>) => {
    mkdirSync(join(folder, "lib"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "scripts-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("are their variables as quoted assignments, then their text and that of the files they source", () => {
    write({
      "greet.sh":
        "#!/bin/sh\n# Greets.\n#   NAME  of a person\n#   COUNT  of greetings\nset -eu\n. lib/greet.sh\n\ngreet\n",
      "lib/greet.sh": '# shellcheck shell=sh\n# greet\ngreet() {\n  # A reason.\n  echo "$COUNT $NAME"\n}\n',
    });
    const scripts = scriptsIn(folder, { "greet.sh": ["NAME", "COUNT"] });
    const text = scripts("greet.sh", { NAME: "it's $(reboot)", COUNT: 2 });
    expect(text).toBe(`NAME='it'\\''s $(reboot)'\nCOUNT=2\nset -eu\ngreet() {\n  echo "$COUNT $NAME"\n}\ngreet`);
    expect(runWith(text, {})).toMatchObject({ status: 0, stdout: "2 it's $(reboot)\n" });
  });

  test("are not called with a missing or unknown variable, or a file that is not declared", () => {
    write({ "a.sh": "set -eu\n" });
    const scripts = scriptsIn(folder, { "a.sh": ["NAME"] });
    // @ts-expect-error a variable is missing
    expect(scripts("a.sh", {})).toBe("set -eu");
    // @ts-expect-error a variable is unknown
    expect(scripts("a.sh", { NAME: "a", OTHER: "b" })).toContain("OTHER=b");
    // @ts-expect-error there is no such script
    expect(() => scripts("b.sh", {})).toThrow("b.sh");
  });
});

describe("wait_until", () => {
  const waitUntil = scriptText(join(repository, "infra/remote/scripts/lib/wait-until.sh"));
  const wait = (call: string, env: Readonly<Record<string, string>> = {}) =>
    runWith(`set -eu\n${waitUntil}\nno() { echo no space left; return 3; }\n${call}; printf done`, {}, { env });

  test("returns when the condition holds", () => {
    expect(wait("wait_until 60 nothing true")).toMatchObject({ status: 0, stdout: "done" });
  });

  test("fails at its deadline, which FARM_WAIT_SECONDS overrides, with the missing condition", () => {
    const failed = { status: 1, stdout: "", stderr: "waited 0 s for docker on it's node\n" };
    expect(wait(`wait_until 0 "docker on it's node" false`)).toMatchObject(failed);
    expect(wait(`wait_until 600 "docker on it's node" false`, { FARM_WAIT_SECONDS: "0" })).toMatchObject(failed);
  });

  test("pauses four times as long as the condition takes, from half a second to five", () => {
    const takes = (hundredths: number) => {
      const slow = `slow() { now=$((now + ${String(hundredths)})); echo "$((now / 100)).$((now % 100)) 0" >uptime; [ -e again ] || { : >again; false; }; }`;
      const call = `echo "20.11 0" >uptime; ${slow}; wait_until 60 nothing slow; grep ^sleep calls`;
      return runWith(`${waitUntil.replaceAll("/proc/uptime", "uptime")}\n${call}`, {}).stdout;
    };
    expect([takes(4), takes(31), takes(2000)]).toEqual(["sleep 0.50\n", "sleep 1.24\n", "sleep 5.00\n"]);
  });

  test("shows an explanation, whether or not that fails", () => {
    expect(wait("wait_until 0 docker false no").stderr).toBe("waited 0 s for docker\n    no space left\n");
  });
});
