import { existsSync } from "node:fs";
import { removeEmptyAttributes } from "../../../../cli/pulumi/empty-attributes";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
});

test.each([
  "stacks/swarm-farm/dev.json.attrs",
  "stacks/swarm-farm/dev.json.bak.attrs",
  "locks/organization/swarm-farm/dev/a.json.attrs",
  "history/swarm-farm/dev/dev-1.history.json.attrs",
  "meta.yaml.attrs",
])("%s is removed where a killed engine left it empty, and kept where it has content", (path) => {
  const file = machine.write(`backend/.pulumi/${path}`, "");
  removeEmptyAttributes(machine.context());
  expect(existsSync(file)).toBe(false);
  machine.write(`backend/.pulumi/${path}`, "{}");
  removeEmptyAttributes(machine.context());
  expect(existsSync(file)).toBe(true);
});

test("an empty state is kept: Pulumi reports it", () => {
  const file = machine.write("backend/.pulumi/stacks/swarm-farm/dev.json", "");
  removeEmptyAttributes(machine.context());
  expect(existsSync(file)).toBe(true);
});

test.each(["file:///nowhere", "https://api.example.com"])("nothing is done at %s", (url) => {
  machine.set("PULUMI_BACKEND_URL", url);
  expect(() => {
    removeEmptyAttributes(machine.context());
  }).not.toThrow();
});
