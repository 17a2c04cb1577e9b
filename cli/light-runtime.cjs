// @ts-check
const Module = require("node:module");
const { join } = require("node:path");

/**
 * Preloaded by `./farm` into the Node.js that runs the program (cli/context/environment.ts), this keeps Pulumi's SDK from work whose
 * result is never used, a quarter of the time of an update that changes nothing (bench/no-change). JavaScript, because a preload
 * runs before anything could compile it. It reaches into the SDK's internals: another version than the one that it is
 * written for, and any surprise, leave the SDK as it is.
 */
const writtenFor = "3.259.0";

// NODE_OPTIONS reaches every Node.js that Pulumi starts; only this one runs the program.
const sdk = /^.*\/@pulumi\/pulumi(?=\/cmd\/run(\/index\.js)?$)/.exec(process.argv[1] ?? "")?.[0];
if (sdk !== undefined) quietly(() => lighten(Module.createRequire(join(sdk, "package.json"))));

/** @param {NodeJS.Require} load resolves modules as the SDK does */
function lighten(load) {
  const { version } = /** @type {{ version: string }} */ (load("@pulumi/pulumi/package.json"));
  if (version !== writtenFor) return;
  loadWhenAsked(load, "@npmcli/arborist", "Arborist");
  // The SDK wants nothing loaded before its instrumentation (cmd/run/index.js); source maps are the next thing it loads.
  translateFewerTraces(() => quietly(() => dropDebugMessages(load)));
}

/**
 * Each resource sends four of them to the engine, which drops them unless it runs with --debug.
 *
 * @param {NodeJS.Require} load
 */
function dropDebugMessages(load) {
  Object.assign(/** @type {object} */ (load("@pulumi/pulumi/log")), { debug: () => Promise.resolve() });
}

/**
 * source-map-support and ts-node, one after the other, translate every stack trace to lines of TypeScript, frame by frame.
 * The SDK takes one of each of thousands of promises, for the message about a promise that never settles: that message names
 * what the promise is for. It takes one of each resource, to name the line that makes it: frames of Node.js's loader say
 * nothing of that. All other traces are translated whole.
 *
 * @param {() => void} whenInstalled called once, when the first translator is there
 */
function translateFewerTraces(whenInstalled) {
  /** @typedef {(error: Error, frames: NodeJS.CallSite[]) => unknown} Translate */
  /** @type {Translate | undefined} */
  let current = Error.prepareStackTrace;
  const ours = new WeakSet();
  let installed = false;
  Object.defineProperty(Error, "prepareStackTrace", {
    configurable: true,
    enumerable: true,
    get: () => current,
    /** @param {Translate | undefined} translate */
    set: (translate) => {
      current = translate === undefined || ours.has(translate) ? translate : fewer(translate);
      if (current) ours.add(current);
      if (!installed) {
        installed = true;
        whenInstalled();
      }
    },
  });
}

/**
 * @param {(error: Error, frames: NodeJS.CallSite[]) => unknown} translate
 * @returns {(error: Error, frames: NodeJS.CallSite[]) => unknown}
 */
function fewer(translate) {
  return (error, frames) => {
    const taker = frames[0]?.getFunctionName();
    if (taker === "debuggablePromise") return String(error);
    return translate(error, taker === "callsites" ? withoutLoader(frames) : frames);
  };
}

/** @param {NodeJS.CallSite[]} frames */
function withoutLoader(frames) {
  const first = frames.findIndex((frame) => frame.getFileName()?.startsWith("node:internal/modules/") === true);
  return first < 0 ? frames : frames.slice(0, first);
}

/**
 * Half of what the SDK loads is npm's installer, for programs that serialize functions.
 *
 * @param {NodeJS.Require} load
 * @param {string} name
 * @param {string} member
 */
function loadWhenAsked(load, name, member) {
  const file = load.resolve(name);
  const later = new Module(file);
  later.loaded = true;
  later.exports = Object.defineProperty({ __esModule: true }, member, {
    get: () => {
      Reflect.deleteProperty(load.cache, file);
      return /** @type {Record<string, unknown>} */ (load(file))[member];
    },
  });
  load.cache[file] = later;
}

/** @param {() => void} work */
function quietly(work) {
  try {
    work();
  } catch {
    // Slower, not broken.
  }
}
