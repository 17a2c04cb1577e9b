import { attach, CommandError, output, run } from "../../../../cli/process/run";

test("a program's output and status are a result, whatever the status", async () => {
  await expect(run(["sh", "-c", "cat; echo no >&2; exit 3"], { input: "in" })).resolves.toEqual({
    status: 3,
    stdout: "in",
    stderr: "no\n",
  });
});

test("a program that ends before it reads its input is no error", async () => {
  const { status } = await run(["true"], { input: "x".repeat(2 ** 20) });
  expect(status).toBe(0);
});

test("a program that is missing has the shell's status", async () => {
  await expect(run(["/nowhere/program"])).resolves.toMatchObject({ status: 127 });
});

test("a program that runs too long, or that is interrupted, is ended", async () => {
  await expect(run(["sleep", "20"], { timeoutSeconds: 0.05 })).resolves.toMatchObject({ status: 143 });
  await expect(run(["sleep", "20"], { signal: AbortSignal.timeout(50) })).resolves.toMatchObject({ status: 143 });
});

test("output is for programs that must succeed: the error has the last line they printed", async () => {
  await expect(output(["echo", "yes"])).resolves.toBe("yes\n");
  await expect(output(["sh", "-c", "echo a >&2; echo b >&2; exit 4"])).rejects.toThrow(
    new CommandError(["sh"], { status: 4, stdout: "", stderr: "b" }),
  );
});

test("an attached program has the environment besides", async () => {
  await expect(attach(["sh", "-c", 'exit "$STATUS"'], { env: { STATUS: "5" } })).resolves.toBe(5);
});
