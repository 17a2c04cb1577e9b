import { differences, parsePatchLevel, type PatchLevel } from "../../../infra/swarm/patch-level";

const level: PatchLevel = { os: "debian 13.2", kernel: "6.12.57", docker: "26.1.5", packages: "abc" };

describe("parsePatchLevel", () => {
  test("reads a report, with more in it than is asked", () => {
    expect(parsePatchLevel(`${JSON.stringify({ ...level, more: 1 })}\n`)).toEqual(level);
  });

  test.each(["", "{}", '{"os":"debian 13"}', JSON.stringify({ ...level, kernel: 6 })])("refuses '%s'", (report) => {
    expect(() => parsePatchLevel(report)).toThrow();
  });
});

describe("differences", () => {
  test.each([[{}], [{ manager1: level }], [{ manager1: level, worker1: { ...level } }]])(
    "there are none in %j",
    (levels) => {
      expect(differences(levels, {})).toBeUndefined();
    },
  );

  test("are none between nodes of different images, and reported between those of one image", () => {
    const newer = { ...level, kernel: "6.12.60" };
    const images = { manager1: "old", worker1: "new", worker2: "new" };
    expect(differences({ manager1: level, worker1: newer, worker2: newer }, images)).toBeUndefined();
    expect(differences({ manager1: level, worker1: newer, worker2: level }, images)).toMatch(
      /^nodes differ in patch level: worker2 has kernel '6.12.57', worker1 has '6.12.60'; /,
    );
  });

  test("are reported by node and part, with what to do", () => {
    const levels = {
      manager1: level,
      worker1: { ...level, kernel: "6.1.0" },
      worker2: level,
      worker3: { ...level, docker: "27.0.0", packages: "def" },
    };
    expect(differences(levels, {})).toBe(
      "nodes differ in patch level: worker1 has kernel '6.1.0', manager1 has '6.12.57'; " +
        "worker3 has docker '27.0.0', manager1 has '26.1.5'; worker3 has packages 'def', manager1 has 'abc'; " +
        "replace their disks: ./farm up --replace '**::worker1-disk' --replace '**::worker3-disk'; or set image.version",
    );
  });
});
