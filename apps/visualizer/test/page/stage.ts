import "./window.ts";
import type { TestContext } from "node:test";
import { type ComponentChild, render } from "preact";
import { act } from "preact/test-utils";
import { parseRoute, route } from "../../page/route.ts";
import { alerts, clockAheadMs, clusterState, link, now, problems, setLines, swarm } from "../../page/store.ts";
import { emptyClusterState, noAlerts } from "../../shared/model.ts";

/** A part of the page on the screen. */
export interface Shown {
  readonly root: HTMLElement;
  /** The texts of the elements that match, with single spaces. */
  readonly texts: (selector: string) => string[];
  /** Whether an element matches. */
  readonly has: (selector: string) => boolean;
  /** The first element that matches; it is an error if there is none. */
  readonly one: (selector: string) => HTMLElement;
}

const textOf = (element: Element): string => (element.textContent || "").replace(/\s+/g, " ").trim();

function reset(): void {
  clusterState.value = emptyClusterState;
  swarm.value = null;
  problems.value = [];
  alerts.value = noAlerts;
  setLines([]);
  link.value = { kind: "live" };
  clockAheadMs.value = 0;
  now.value = Date.now();
  route.value = parseRoute("");
}

/** Shows a part of the page from the store's initial values, until the test ends. */
export async function show(t: TestContext, part: ComponentChild): Promise<Shown> {
  const root = document.createElement("div");
  document.body.append(root);
  reset();
  await act(() => {
    render(part, root);
  });
  t.after(async () => {
    await act(() => {
      render(null, root);
    });
    root.remove();
  });
  return {
    root,
    has: (selector) => root.querySelector(selector) !== null,
    texts: (selector) => [...root.querySelectorAll(selector)].map(textOf),
    one: (selector) => {
      const found = root.querySelector<HTMLElement>(selector);
      if (!found) throw new Error(`no '${selector}' in ${root.innerHTML}`);
      return found;
    },
  };
}

/** Changes something, and waits until the page shows it. */
export const change = (what: () => void | Promise<void>): Promise<void> => act(what);

/** Clicks; returns whether the page left the click to the browser. */
export async function click(element: Element, how: MouseEventInit = {}): Promise<boolean> {
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, ...how });
  await change(() => void element.dispatchEvent(event));
  return !event.defaultPrevented;
}

/** Presses a key; returns whether the page left the key to the browser. */
export async function press(element: Element, key: string, how: KeyboardEventInit = {}): Promise<boolean> {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...how });
  await change(() => void element.dispatchEvent(event));
  return !event.defaultPrevented;
}

/** Types into a field or chooses from a list. */
export async function enter(element: Element, value: string): Promise<void> {
  Object.assign(element, { value });
  const type = element.tagName === "SELECT" ? "change" : "input";
  await change(() => void element.dispatchEvent(new Event(type, { bubbles: true })));
}

/** Answers the page's requests by path and query; an answer is JSON, a status, or an error to fail with. */
export function serveFetch(t: TestContext, answer: (path: string) => unknown): string[] {
  const requested: string[] = [];
  t.mock.method(globalThis, "fetch", async (target: string) => {
    const { pathname, search } = new URL(target);
    requested.push(pathname + search);
    const value = await answer(pathname + search);
    if (value instanceof Error) throw value;
    return typeof value === "number" ? new Response("", { status: value }) : Response.json(value);
  });
  return requested;
}
