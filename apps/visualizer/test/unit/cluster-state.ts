import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { Hub } from "../../server/hub.ts";
import { reduce } from "../../server/cluster-state.ts";
import { emptyClusterState, type ClusterState } from "../../shared/model.ts";
import { apply, byId, difference } from "../../shared/wire.ts";
import { anyInput, anyReading } from "../arbitrary.ts";
import { messagesOf, updatesOf } from "../helpers.ts";

const asClusterState = (reading: {
  readonly nodes: Parameters<typeof byId>[0];
  readonly services: Parameters<typeof byId>[0];
  readonly tasks: Parameters<typeof byId>[0];
}): unknown => ({ nodes: byId(reading.nodes), services: byId(reading.services), tasks: byId(reading.tasks) });

test("any order of events and a fresh reading end in the same state", () => {
  fc.assert(
    fc.property(fc.array(anyInput), anyReading, (inputs, reading) => {
      const before = inputs.reduce(reduce, emptyClusterState);
      assert.deepEqual(reduce(before, { kind: "reading", reading }), asClusterState(reading));
    }),
  );
});

test("an event changes no more than the object it is about", () => {
  fc.assert(
    fc.property(anyReading, anyInput, (reading, input) => {
      fc.pre(input.kind === "event");
      const before = reduce(emptyClusterState, { kind: "reading", reading });
      const change = difference(before, reduce(before, input));
      const touched = [change?.nodes, change?.services, change?.tasks].flatMap((delta) => [
        ...(delta?.set ?? []).map((one) => one.id),
        ...(delta?.gone ?? []),
      ]);
      assert.ok(touched.every((id) => id === input.event.Actor.ID));
    }),
  );
});

test("a difference leads from one state to the other, and from a state to itself there is none", () => {
  fc.assert(
    fc.property(anyReading, anyReading, (one, other) => {
      const before = reduce(emptyClusterState, { kind: "reading", reading: one });
      const after = reduce(before, { kind: "reading", reading: other });
      const change = difference(before, after);
      assert.deepEqual(change ? apply(before, change) : before, after);
      assert.equal(difference(after, apply(after, {})), undefined);
    }),
  );
});

/** A viewer as the page is one: applies what comes, remembers where it is, and can lose its connection. */
class FakeViewer {
  clusterState: ClusterState = emptyClusterState;
  mark = "";
  reset = false;
  leave: () => void = () => undefined;

  join(hub: Hub): void {
    this.leave = hub.join(this.mark, (frame) => {
      for (const message of messagesOf(Buffer.from(frame).toString())) {
        if (message.event === "reset") this.reset = true;
        if (message.event !== "update") continue;
        this.mark = message.id;
        for (const { change } of updatesOf([message])) if (change) this.clusterState = apply(this.clusterState, change);
      }
    });
  }

  start(hub: Hub, mark: string): void {
    this.mark = mark;
    this.clusterState = hub.clusterState;
    this.join(hub);
  }
}

test("a viewer's state is the server's, however often it loses its connection", async () => {
  const steps = fc.array(fc.tuple(anyInput, fc.constantFrom("stay", "leave", "join")), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const hub = new Hub(100);
      const viewer = new FakeViewer();
      const { mark } = JSON.parse(gunzipSync(await hub.snapshot()).toString()) as { mark: string };
      viewer.start(hub, mark);
      let connected = true;
      for (const [input, what] of all) {
        if (what === "leave" && connected) viewer.leave();
        if (what === "join" && !connected) viewer.join(hub);
        connected = what === "stay" ? connected : what === "join";
        hub.take(input);
      }
      if (!connected) viewer.join(hub);
      assert.equal(viewer.reset, false);
      assert.deepEqual(viewer.clusterState, hub.clusterState);
    }),
  );
});

test("a viewer who was away too long, or comes from another server's time, starts again", () => {
  const hub = new Hub(100);
  for (const mark of ["", "nonsense", "0123456789ab-0", "-1"]) {
    const viewer = new FakeViewer();
    viewer.start(hub, mark);
    assert.ok(viewer.reset, mark);
  }
});
