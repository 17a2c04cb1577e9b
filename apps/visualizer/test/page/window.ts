import { after, beforeEach } from "node:test";
import { Window } from "happy-dom";

/*
 * A browser's window for the page's modules, some of which use it as soon as they are imported: import this file before
 * them. It lays nothing out, so what depends on sizes is tested in test/browser.
 */
process.env.TZ = "UTC";
const url = "http://swarm.test/";
const window = new Window({ url, width: 1280, height: 800 });
const { document, location, history, Node, Element, HTMLElement, Event, MouseEvent, KeyboardEvent } = window;
const here = { document, location, history, Node, Element, HTMLElement, Event, MouseEvent, KeyboardEvent };
for (const [name, value] of Object.entries(here)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
Object.assign(globalThis, {
  requestAnimationFrame: window.requestAnimationFrame.bind(window),
  cancelAnimationFrame: window.cancelAnimationFrame.bind(window),
  addEventListener: window.addEventListener.bind(window),
  removeEventListener: window.removeEventListener.bind(window),
  dispatchEvent: window.dispatchEvent.bind(window),
});

beforeEach(() => {
  history.replaceState(null, "", url);
});
after(() => window.happyDOM.close());
