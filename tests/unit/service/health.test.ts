import { answersHttp, firstOf } from "../../../infra/service/health";
import { runWith } from "../../support/fake-programs";
import { sources } from "../../support/sources";

/** Runs a check where some programs are there, and says what was called and whether the shell was still there then. */
function check(command: readonly string[], programs: Readonly<Record<string, string>>) {
  const script = command[2] ?? "";
  return runWith(`PATH=$PWD; ${script}`, programs);
}

test.each([
  ["busybox", "busybox wget -q -O /dev/null http://127.0.0.1:80/x"],
  ["wget", "wget -q -O /dev/null http://127.0.0.1:80/x"],
  ["curl", "curl -fs -o /dev/null http://127.0.0.1:80/x"],
])("where there is %s, it alone is asked, and its answer is the check's", (program, call) => {
  const { command } = answersHttp(80, "/x");
  expect(check(command, { [program]: "exit 0" })).toMatchObject({ status: 0, calls: [call] });
  expect(check(command, { [program]: "exit 1", curl: "exit 1" })).toMatchObject({ status: 1, calls: [call] });
});

test("an image with none of them is not healthy", () => {
  expect(check(answersHttp(80, "/").command, {}).status).toBe(1);
});

test("a program replaces the shell: none is left when Docker kills the check", () => {
  const { stdout } = runWith(`echo $$; ${firstOf(["probe", "probe"])[2] ?? ""}`, { probe: "echo $$" });
  const [shell, program] = stdout.trim().split("\n");
  expect(program).toBe(shell);
});

test("no check of ours is a shell with programs below it", () => {
  const checks = sources("infra", "stacks").flatMap(({ path, text }) =>
    [...text.matchAll(/health: \{[^}]*?command: (\[[^\]]*\])/gs)].map((match) => [path, match[1] ?? ""] as const),
  );
  expect(checks.length).toBeGreaterThan(2);
  // The registry's is its own business: images/registry has an init that reaps.
  const shells = checks.filter(([path, command]) => /"(ba)?sh"/.test(command) && !path.includes("infra/registry/"));
  expect(shells).toEqual([]);
});
