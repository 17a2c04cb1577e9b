import { change, click, enter, show, type Shown } from "./stage.ts";
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Filters } from "../../page/filters.tsx";
import { searchByKey } from "../../page/keys.ts";
import { followAddress, go, route } from "../../page/route.ts";
import { clusterState } from "../../page/store.ts";
import { aNode, aService, aTask, stateOf } from "../samples.ts";
import { press } from "./stage.ts";

async function filters(t: TestContext): Promise<Shown> {
  const page = await show(t, <Filters />);
  await change(() => {
    clusterState.value = stateOf(
      [aNode({ id: "n10", name: "worker10" }), aNode({ id: "n2", name: "worker2" })],
      [aService(), aService({ id: "s2", name: "api" })],
      [aTask(), aTask({ id: "t2", state: "failed" }), aTask({ id: "t3", state: "rejected" })],
    );
  });
  return page;
}
const choice = (page: Shown, n: number): HTMLSelectElement => {
  const found = page.root.querySelectorAll("select")[n];
  assert.ok(found);
  return found;
};
const button = (page: Shown, text: string): HTMLElement => {
  const found = [...page.root.querySelectorAll("button")].find(({ textContent }) => textContent.includes(text));
  assert.ok(found, text);
  return found;
};

test("services and nodes can be chosen by name, in the order that people expect", async (t) => {
  const page = await filters(t);
  assert.deepEqual(page.texts("label:nth-child(2) option"), ["Service: all", "api", "web"]);
  assert.deepEqual(page.texts("label:nth-child(3) option"), ["Node: all", "worker2", "worker10"]);
  await enter(choice(page, 0), "api");
  await enter(choice(page, 1), "worker10");
  assert.equal(location.hash, "#service=api&node=worker10");
  await click(button(page, "Show all"));
  assert.equal(location.hash, "");
});

test("a node that joined again under its name is one choice, as both have that name", async (t) => {
  const page = await filters(t);
  await change(() => {
    clusterState.value = stateOf([aNode({ id: "old", state: "down" }), aNode({ id: "new" })]);
  });
  assert.deepEqual(page.texts("label:nth-child(3) option"), ["Node: all", "worker1"]);
});

test("a filter from the address stays selected although the swarm has no such object", async (t) => {
  const page = await filters(t);
  await change(() => {
    go({ service: "gone" });
  });
  assert.deepEqual(page.texts("label:nth-child(2) option"), ["Service: all", "gone (not there)", "api", "web"]);
  assert.equal(choice(page, 0).value, "gone");
});

test("each state has its count, and is looked at alone by one click, and not any more by the next", async (t) => {
  const page = await filters(t);
  assert.deepEqual(page.texts(".states button"), ["running 1", "starting 0", "waiting 0", "failed 2", "ended 0"]);
  await click(button(page, "failed"));
  assert.deepEqual([route.value.state, page.texts(".states [aria-pressed=true]")], ["failed", ["failed 2"]]);
  await click(button(page, "running"));
  assert.equal(route.value.state, "running");
  await click(button(page, "running"));
  assert.equal(route.value.state, "");
});

test("a search leaves no trail in the browser's history, a choice does", async (t) => {
  const page = await filters(t);
  const before = history.length;
  for (const text of ["w", "we", "web 2"]) await enter(page.one("#search"), text);
  assert.deepEqual([location.hash, history.length], ["#q=web+2", before]);
  await enter(choice(page, 0), "web");
  assert.deepEqual([location.hash, history.length], ["#service=web&q=web+2", before + 1]);
});

test("tiles and names follow each other", async (t) => {
  const page = await filters(t);
  await click(button(page, "Tiles"));
  assert.deepEqual([route.value.as, page.one(".as").getAttribute("aria-pressed")], ["tiles", "true"]);
  await click(button(page, "Tiles"));
  assert.deepEqual([route.value.as, page.one(".as").getAttribute("aria-pressed")], ["names", "false"]);
});

test("an address that is typed or gone back to is followed", async (t) => {
  const page = await filters(t);
  followAddress();
  await change(() => {
    history.replaceState(null, "", "#state=failed&q=%C3%BC");
    dispatchEvent(new Event("popstate"));
  });
  assert.deepEqual([route.value.state, (page.one("#search") as HTMLInputElement).value], ["failed", "ü"]);
});

test("'/' goes to the search from wherever no text is typed", async (t) => {
  const page = await filters(t);
  addEventListener("keydown", searchByKey);
  t.after(() => {
    removeEventListener("keydown", searchByKey);
  });
  const search = page.one("#search");
  const from = async (element: Element, how: KeyboardEventInit = {}) => {
    search.blur();
    return (await press(element, "/", how)) || document.activeElement !== search;
  };
  assert.ok(await from(choice(page, 0)), "in a list of choices it is a letter");
  assert.ok(await from(search), "in the search itself, too");
  for (const how of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) {
    assert.ok(await from(page.one(".as"), how), `${JSON.stringify(how)} is the browser's`);
  }
  assert.equal(await from(page.one(".as")), false);
});
