import { show } from "./stage.ts";
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { NodeHead } from "../../page/node.tsx";
import { Age, Bar, Image } from "../../page/parts.tsx";
import type { Column } from "../../page/view.ts";
import { now } from "../../page/store.ts";
import type { Node } from "../../shared/model.ts";
import { aNode, aTask } from "../samples.ts";
import { change } from "./stage.ts";

const gib = 1024 ** 3;

const headOf = (t: TestContext, node: Partial<Node>, column: Partial<Column> = {}) => {
  const whole = { id: "n1", node: aNode(node), rows: [], total: 0, reservedCpus: 0, reservedBytes: 0, ...column };
  return show(t, <NodeHead column={whole} />);
};

test("a node's status is its state, its availability and its error", async (t) => {
  const cases: readonly (readonly [Partial<Node>, string, string])[] = [
    [{}, "good", "ready, active"],
    [{ availability: "pause" }, "warn", "ready, pause"],
    [{ availability: "drain" }, "warn", "ready, drain"],
    [{ message: "an old message" }, "good", "ready, active"],
    [{ state: "down", message: "heartbeat failure" }, "bad", "down, active: heartbeat failure"],
    [{ state: "unknown" }, "bad", "unknown, active"],
    [{ state: "disconnected", availability: "drain" }, "bad", "disconnected, drain"],
    [{ reachability: "reachable" }, "good", "ready, active"],
    [{ state: "down", reachability: "unreachable" }, "bad", "down, active, unreachable as a manager"],
  ];
  for (const [node, level, text] of cases) {
    const head = await headOf(t, node);
    assert.deepEqual(head.texts(`.standing.${level}`), [`${text}0 tasks`], text);
    assert.ok(head.has(`h3 .mark.${level}`), `${text} has the shape of '${level}'`);
  }
});

test("a leader is called so, and a node without a name by the start of its id", async (t) => {
  assert.deepEqual((await headOf(t, { role: "manager", leader: true })).texts(".badge"), ["leader"]);
  assert.deepEqual((await headOf(t, { role: "manager" })).texts(".badge"), ["manager"]);
  assert.deepEqual((await headOf(t, { id: "0123456789abcdef", name: "" })).texts("h3 bdi"), ["0123456789ab"]);
});

test("the count names all tasks, and those that are shown if these are fewer", async (t) => {
  const row = { task: aTask(), name: "web.1", tint: 0 };
  for (const [rows, total, text] of [
    [1, 1, "1 task"],
    [2, 2, "2 tasks"],
    [0, 3, "0 of 3 tasks"],
  ] as const) {
    const head = await headOf(t, {}, { rows: Array.from({ length: rows }, () => row), total });
    assert.deepEqual(head.texts(".count"), [text]);
  }
});

test("facts that a node does not report leave no gap, and a label may have no value", async (t) => {
  const full = await headOf(t, { labels: { zone: "a", gpu: "" } });
  assert.deepEqual(full.texts(".facts span"), ["10.0.0.1", "Docker 28.0.0", "x86_64"]);
  assert.deepEqual(full.texts(".labels li"), ["zone=a", "gpu"]);
  const bare = await headOf(t, { address: "", engine: "", platform: "" });
  assert.deepEqual(bare.texts(".facts span"), []);
});

test("the load is given in cores and GiB, with one digit where it matters", async (t) => {
  const loadOf = async (column: Partial<Column>, node: Partial<Node> = {}) =>
    (await headOf(t, node, column)).texts(".load > span[aria-hidden]").filter((text) => text.includes("/"));
  assert.deepEqual(await loadOf({ reservedCpus: 0.25, reservedBytes: gib / 2 }), ["0.3 / 4", "0.5 / 8 GiB"]);
  assert.deepEqual(await loadOf({}, { memoryBytes: 15.6 * gib, cpus: 16 }), ["0 / 16", "0 / 16 GiB"]);
  assert.deepEqual(await loadOf({}, { memoryBytes: 0, cpus: 0 }), ["0 / 0", "0 / 0 GiB"]);
});

test("a bar is between empty and full, whatever is reserved of whatever there is", async (t) => {
  const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
  await fc.assert(
    fc.asyncProperty(amount, amount, async (part, whole) => {
      const bar = await show(t, <Bar part={part} whole={whole} label="CPU" kind="cpu" />);
      const percent = Number(bar.one("[role=meter]").getAttribute("aria-valuenow"));
      assert.ok(percent >= 0 && percent <= 100, `${percent}`);
      if (part >= whole && whole > 0) assert.equal(percent, 100);
      assert.match(bar.one("[role=meter] > span").getAttribute("style") ?? "", /\d%/);
    }),
    { numRuns: 50 },
  );
});

test("an age grows with the swarm's time, and an event that never happened has none", async (t) => {
  const started = Date.UTC(2026, 0, 2);
  const age = await show(
    t,
    <>
      <Age at={started} />
      <Age at={0} />
    </>,
  );
  const ages = async (ms: number) => {
    await change(() => {
      now.value = started + ms;
    });
    return age.texts("time");
  };
  assert.deepEqual(await ages(-60_000), ["now"]);
  assert.deepEqual(await ages(59_999), ["59 s"]);
  assert.deepEqual(await ages(86_400_000), ["1 d"]);
  assert.equal(age.one("time").getAttribute("datetime"), "2026-01-02T00:00:00.000Z");
});

test("of an image its name and tag are shown, and the whole of it on demand", async (t) => {
  const image = await show(t, <Image of="registry.example:5000/shop/api:2.14.1" />);
  assert.deepEqual(image.texts(".image"), ["api:2.14.1"]);
  assert.equal(image.one(".image").title, "registry.example:5000/shop/api:2.14.1");
});
