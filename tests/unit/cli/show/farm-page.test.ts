import { farmPage } from "../../../../cli/show/farm-page";
import { table } from "../../../../cli/show/table";
import { FakeFarm } from "../../../support/fake-farm";
import { farmOutputs as made } from "../../../support/farm-outputs";

let fake: FakeFarm;
beforeEach(() => {
  fake = new FakeFarm();
});
afterEach(() => {
  fake.remove();
});

test("a table is as wide as its cells, and turns rows into paragraphs on a narrower terminal", () => {
  const rows = [
    ["a", "manager"],
    ["worker1", "b"],
  ];
  expect(table(["NODE", "ROLE"], rows, 20)).toEqual(["NODE     ROLE", "a        manager", "worker1  b"]);
  expect(table(["NODE", "ROLE"], rows, 12)).toEqual(["a", "  role: manager", "worker1", "  role: b"]);
});

test("lists nodes and URLs, and forwarded URLs by their local address", () => {
  expect(farmPage(fake.context(), made)).toEqual([
    "NODE      ROLE     ADDRESS   LABELS    PATCH LEVEL",
    "manager1  manager  10.0.0.1  -         Debian 12 · 6.1 · docker 28.1",
    "worker1   worker   10.0.0.2  disk=ssd  same",
    "worker2   worker   10.0.0.3  -         unknown",
    "http://10.0.0.1:8080  hello",
    "passwords: ./farm secret admin · ./farm secret app",
    "next: ./farm preview · ./farm ssh NODE · ./farm doctor · ./farm destroy",
  ]);
  fake.state("forward/hello.url", "http://127.0.0.1:8080/\n");
  expect(farmPage(fake.context(), made)).toContain("http://127.0.0.1:8080/  hello");
});

test("fits its table into 60 columns", () => {
  const lines = farmPage(fake.context(), made, 60).slice(0, -1);
  expect(lines.filter((line) => line.length > 60)).toEqual([]);
});
