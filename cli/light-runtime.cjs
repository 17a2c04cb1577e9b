import Module, { createRequire } from "node:module";

const load = createRequire(require.resolve("@pulumi/pulumi"));

// Imported before anything else, this keeps Pulumi's SDK from work that comes to nothing, a quarter of the time of a run that
// changes nothing (bench/no-change). To look into the SDK, leave the import out.
dropDebugMessages();
translateFewerTraces();
loadWhenAsked("@npmcli/arborist", "Arborist");

/** Each resource sends four of them to the engine, which drops them unless it was started with --debug. */
function dropDebugMessages(): void {
  Object.assign(load("@pulumi/pulumi/log") as object, { debug: () => Promise.resolve() });
}

/**
 * Traces are translated to lines of TypeScript, frame by frame. One is taken of each of thousands of promises, in case it is
 * never kept: what Pulumi says of such a promise tells what it was for. One is taken of each resource, to tell where it was
 * made: how Node.js came to run the program says nothing of that. All other traces are translated whole.
 */
function translateFewerTraces(): void {
  const whole = Error as { prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => unknown };
  const translate = whole.prepareStackTrace?.bind(Error);
  if (translate)
    whole.prepareStackTrace = (error, frames) => {
      const taker = frames[0]?.getFunctionName();
      if (taker === "debuggablePromise") return String(error);
      return translate(error, taker === "callsites" ? withoutLoader(frames) : frames);
    };
}

function withoutLoader(frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
  const first = frames.findIndex((frame) => frame.getFileName()?.startsWith("node:internal/modules/") === true);
  return first < 0 ? frames : frames.slice(0, first);
}

/** Half of what the SDK loads is npm's own installer, for programs that give it functions to take elsewhere. */
function loadWhenAsked(name: string, member: string): void {
  const file = load.resolve(name);
  const later = new Module(file);
  later.loaded = true;
  later.exports = Object.defineProperty({ __esModule: true }, member, {
    get: (): unknown => {
      Reflect.deleteProperty(load.cache, file);
      return (load(file) as Record<string, unknown>)[member];
    },
  });
  load.cache[file] = later;
}
