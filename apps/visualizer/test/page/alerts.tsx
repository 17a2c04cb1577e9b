import { change, show } from "./stage.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { FiringAlerts } from "../../page/alerts.tsx";
import { alerts, now, setLines } from "../../page/store.ts";
import { Header } from "../../page/header.tsx";
import { aLine, anAlert } from "../samples.ts";

test("an alert is shown with its level, age and advice, and a farm without one shows nothing", async (t) => {
  const page = await show(t, <FiringAlerts />);
  assert.equal(page.has(".notices"), false);
  await change(() => {
    now.value = 10 * 60_000;
    alerts.value = {
      firing: [
        anAlert({ since: 5 * 60_000 }),
        anAlert({ id: "b", name: "DiskNearlyFull", level: "warn", summary: "" }),
      ],
    };
  });
  assert.deepEqual(page.texts(".alert.bad"), ["NodeDown for 5 min: node worker1 is down./farm doctor"]);
  assert.deepEqual(page.texts(".alert.bad small"), ["./farm doctor"]);
  assert.deepEqual(page.texts(".alert.warn"), ["DiskNearlyFull./farm doctor"]);
  await change(() => {
    alerts.value = { firing: [] };
  });
  assert.equal(page.has(".notices"), false);
});

test("alerts of a Prometheus that is away stay, and are called old", async (t) => {
  const page = await show(t, <FiringAlerts />);
  await change(() => {
    alerts.value = { firing: [anAlert()], problem: "Prometheus does not answer: refused" };
  });
  assert.deepEqual(page.texts(".notices p:not(.alert)"), [
    "Prometheus does not answer: refused. The alerts may be old.",
  ]);
  assert.equal(page.texts(".alert").length, 1);
});

test("an alert that begins is announced once, and its age never", async (t) => {
  const page = await show(t, <Header />);
  await change(() => {
    alerts.value = { firing: [anAlert({ since: 1 })] };
    setLines([aLine({ level: "bad", verb: "fires", subject: { kind: "alert", id: "a", name: "NodeDown" } })]);
  });
  assert.deepEqual(page.texts("div.hidden[role=status]"), ["alert NodeDown fires"]);
  assert.equal(page.has("[role=status] .alert"), false);
});
