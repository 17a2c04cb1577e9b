import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  alone,
  claimRehearsal,
  rehearsalContext,
  rehearsalStack,
  removeRehearsal,
  startOf,
} from "../../../../cli/rehearsal/farm";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm({ ip: "" }).built(["manager1"]);
});

afterEach(() => {
  farm.remove();
});

test("a stack's rehearsal has a name that a stack can have", () => {
  expect(rehearsalStack("dev")).toBe("dev-rehearsal");
  for (const long of ["a".repeat(31), `${"a".repeat(20)}-${"b".repeat(10)}`])
    expect(rehearsalStack(long)).toMatch(/^[a-z][a-z0-9-]{0,19}[a-z0-9]-rehearsal$/);
  expect(rehearsalStack("customer-production-eu1")).not.toBe(rehearsalStack("customer-production-eu2"));
});

test("it has folders, logs and a hypervisor of its own, and asks nobody", () => {
  const context = rehearsalContext(farm.context({ interactive: true }));
  expect(context).toMatchObject({ stack: "dev-rehearsal", isolated: true, interactive: false, repository: farm.home });
  expect(context.folders).toMatchObject({
    state: `${farm.folders.farms}/dev-rehearsal`,
    logs: `${farm.folders.cache}/logs/dev-rehearsal`,
  });
  expect(context.environment).toMatchObject({
    PULUMI_STACK: "dev-rehearsal",
    PULUMI_BACKEND_URL: `file://${farm.home}/backend`,
    PULUMI_CONFIG_PASSPHRASE: "correct horse",
  });
});

test("one that is missing is removed without an error; a stack that stays is one", async () => {
  farm.program("pulumi", "echo \"error: no stack named 'dev-rehearsal' found\" >&2; exit 255");
  await expect(removeRehearsal(rehearsalContext(farm.context()))).resolves.toBeUndefined();
  farm.program("pulumi", "echo 'error: incorrect passphrase' >&2; exit 255");
  await expect(removeRehearsal(rehearsalContext(farm.context()))).rejects.toThrow("the passphrase");
});

test("of two at once the second is refused; one that was killed is in nobody's way", async () => {
  const context = farm.context();
  const parent = String(process.ppid);
  farm.state("rehearsal.pid", `${parent} ${startOf(parent) ?? ""}\n`);
  await expect(alone(context, () => Promise.resolve("ran"))).rejects.toThrow(
    `a rehearsal of 'dev' is under way (process ${String(process.ppid)})`,
  );
  // The second has an id that another process has since.
  for (const left of ["999999999 5", `${parent} 1`]) {
    farm.state("rehearsal.pid", `${left}\n`);
    await expect(alone(context, () => Promise.resolve("ran"))).resolves.toBe("ran");
  }
  await expect(alone(context, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(alone(context, () => Promise.resolve("again"))).resolves.toBe("again");
});

test("a farm of that name which no rehearsal has built is refused, and stays", async () => {
  const context = farm.context();
  const rehearsal = rehearsalContext(context);
  const file = join(farm.home, "Pulumi.dev-rehearsal.yaml");
  const refusal = "'dev-rehearsal' is a farm that no rehearsal of 'dev' has built";
  farm.programs({
    pulumi: `did "$*"; case $* in "stack ls --json") echo '[{ "name": "organization/x/dev-rehearsal" }]' ;; esac`,
  });
  await expect(claimRehearsal(context, rehearsal)).rejects.toThrow(refusal);

  farm.programs({ pulumi: `did "$*"; echo '[]'` });
  writeFileSync(file, "config: {}\n");
  await expect(claimRehearsal(context, rehearsal)).rejects.toThrow(refusal);
  rmSync(file);
  mkdirSync(rehearsal.folders.state, { recursive: true });
  await expect(claimRehearsal(context, rehearsal)).rejects.toThrow(refusal);
  writeFileSync(join(rehearsal.folders.state, "rehearsal-of"), "shop\n");
  await expect(claimRehearsal(context, rehearsal)).rejects.toThrow(refusal);
  expect(existsSync(rehearsal.folders.state)).toBe(true);
  expect(farm.calls.filter((call) => call.includes("stack rm"))).toEqual([]);

  writeFileSync(join(rehearsal.folders.state, "rehearsal-of"), "dev\n");
  await expect(claimRehearsal(context, rehearsal)).resolves.toBeUndefined();
  await expect(claimRehearsal(context, rehearsal)).resolves.toBeUndefined();
});
