import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { preview } from "../../../../cli/commands/preview";
import type { SetUp } from "../../../../cli/commands/set-up";
import { FarmError } from "../../../../cli/base/errors";
import { markdownPath, withMarkdown } from "../../../../cli/preview/markdown-file";
import { printing, FakeFarm } from "../../../support/fake-farm";
import { eventLog, step, urnOf } from "../../../support/preview";

const update = step("update", urnOf("docker:index/service:Service", "hello"), {
  before: { replicas: 4 },
  after: { replicas: 7 },
});
const password = "Zp4-yT0wq_Lk93sVbN1mXcR7";
const state = JSON.stringify({ secret: { plaintext: JSON.stringify(password) } });

let farm: FakeFarm;
let file: string;
beforeEach(() => {
  farm = new FakeFarm();
  file = join(farm.home, "preview.md");
  farm.programs({ pulumi: printing(state) });
});
afterEach(() => {
  farm.remove();
});

const text = () => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
const context = () => ({
  ...farm.context(),
  environment: { ...farm.context().environment, PULUMI_CONFIG_PASSPHRASE: "open sesame" },
});

/** A preview that leaves this log and ends with this status. */
async function write(log: string, status: number, errors = "") {
  return withMarkdown(context(), file, (events, onErrors) => {
    writeFileSync(events, log);
    if (status !== 0) onErrors(errors);
    return Promise.resolve(status);
  });
}

test("writes a preview, and exits with its status", async () => {
  expect(await write(eventLog([update]), 0)).toBe(0);
  expect(text()).toContain("| **all** |  | 1 |  |  |");
  expect(text()).toContain("- replicas: 4\n+ replicas: 7");
});

test("writes the program's warnings before the table, without secrets", async () => {
  const message = `compose.yaml:6: services.web.volumes: '${password}' stays on its node`;
  await write(eventLog([update], [{ severity: "warning", prefix: "warning: ", message }]), 0);
  expect(text()).toMatch(
    /- `compose\.yaml:6: services\.web\.volumes: '\[secret\]' stays on its node`\n[^]*\| resource \|/,
  );
});

test("writes the engine's error of a failed preview, without secrets", async () => {
  const message = `'${password}' is not allowed`;
  expect(await write(eventLog([update], [{ severity: "error", message }]), 255)).toBe(255);
  expect(text()).toContain("the preview failed\n\n```text\n'[secret]' is not allowed\n```");
});

test("writes Pulumi's output if the engine did not start", async () => {
  farm.programs({ pulumi: "exit 1" });
  expect(await write("", 1, "error: no stack, open sesame\n")).toBe(1);
  expect(text()).toContain("```text\nerror: no stack, [secret]\n```");
});

test("writes the message of a failed step, and throws it", async () => {
  farm.programs({ pulumi: "exit 1" });
  const failing = withMarkdown(context(), file, () => Promise.reject(new FarmError("there is no room")));
  await expect(failing).rejects.toThrow("there is no room");
  expect(text()).toContain("```text\nthere is no room\n```");
});

test("writes no successful preview if the state's secrets cannot be read", async () => {
  farm.programs({ pulumi: "exit 1" });
  await expect(write(eventLog([update]), 0)).rejects.toThrow("the stack's secrets cannot be read");
  expect(text()).toBeUndefined();
});

test.each([
  ["", "--markdown needs the name of a file to write"],
  ["--diff", "--markdown needs the name of a file to write"],
  ["none/preview.md", /^--markdown .*none\/preview\.md: there is no folder .*none$/],
  ["taken", /^--markdown .*taken is a folder: name a file in it$/],
])("refuses the file '%s' before the first step", (name, message) => {
  mkdirSync(join(farm.home, "taken"));
  expect(() => markdownPath(name === "" || name.startsWith("-") ? name : join(farm.home, name))).toThrow(message);
});

test("`./farm preview --markdown FILE` shows the usual preview and writes the file", async () => {
  farm.write("log", eventLog([update]));
  farm.programs({
    pulumi: `case "$1 $2" in "stack output") echo "{}" ;; "stack export") ${printing(state)}\n;; *) for arg; do [ "$previous" != --event-log ] || cp "$here/log" "$arg"; previous=$arg; done ;; esac`,
    virsh: "exit 0",
  });
  const nothing = () => Promise.reject(new Error("not asked"));
  const setUp: SetUp = {
    all: () => Promise.resolve({} as never),
    configuration: nothing,
    decrypted: nothing,
    hypervisors: () => Promise.resolve(),
    capacity: nothing,
  };
  await preview(setUp).run(context(), { arguments: [], options: { diff: true, markdown: file } });
  expect(farm.calls.find((call) => call.startsWith("pulumi preview"))).toMatch(
    /^pulumi preview --diff --event-log \S+$/,
  );
  expect(text()).toContain("+ replicas: 7");
});
