import { after, beforeEach } from "node:test";
import { Window } from "happy-dom";

/*
 * A browser's window for the page's modules, some of which use it as soon as they are imported: import this file before
 * them. It lays nothing out, so what depends on sizes is tested in test/browser.
 */
process.env.TZ = "UTC";
const url = "http://swarm.test/";
const window = new Window({ url, width: 1280, height: 800 });
const names = ["document", "location", "history", "Node", "Element", "HTMLElement", "Event", "MouseEvent"] as const;
for (const name of [...names, "KeyboardEvent", "requestAnimationFrame", "cancelAnimationFrame"] as const) {
  const value: unknown = window[name];
  const isCallback = name.endsWith("AnimationFrame") && typeof value === "function";
  Object.defineProperty(globalThis, name, {
    value: isCallback ? (value.bind(window) as unknown) : value,
    configurable: true,
    writable: true,
  });
}
for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"] as const) {
  Object.defineProperty(globalThis, name, { value: window[name].bind(window), configurable: true });
}

beforeEach(() => {
  history.replaceState(null, "", url);
});
after(() => window.happyDOM.close());
