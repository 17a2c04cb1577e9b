import { attach, CommandError, output, run } from "../../../../cli/process/run";

test("run returns output and status, whatever the status", async () => {
  await expect(run(["sh", "-c", "cat; echo no >&2; exit 3"], { input: "in" })).resolves.toEqual({
    status: 3,
    stdout: "in",
    stderr: "no\n",
  });
});

test("a program that exits before it reads its input is not an error", async () => {
  const { status } = await run(["true"], { input: "x".repeat(2 ** 20) });
  expect(status).toBe(0);
});

test("a missing program has the shell's status 127", async () => {
  await expect(run(["/nowhere/program"])).resolves.toMatchObject({ status: 127 });
});

test("a program is ended at its timeout or when it is aborted", async () => {
  await expect(run(["sleep", "20"], { timeoutSeconds: 0.05 })).resolves.toMatchObject({ status: 143 });
  await expect(run(["sleep", "20"], { signal: AbortSignal.timeout(50) })).resolves.toMatchObject({ status: 143 });
});

test("output throws if the program fails, with the last line of its stderr", async () => {
  await expect(output(["echo", "yes"])).resolves.toBe("yes\n");
  await expect(output(["sh", "-c", "echo a >&2; echo b >&2; exit 4"])).rejects.toThrow(
    new CommandError(["sh"], { status: 4, stdout: "", stderr: "b" }),
  );
});

test("attach adds variables to the environment", async () => {
  await expect(attach(["sh", "-c", 'exit "$STATUS"'], { env: { STATUS: "5" } })).resolves.toBe(5);
});
