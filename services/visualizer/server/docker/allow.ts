/** What a query parameter of an allowed path may be. */
type Values = RegExp;

interface Route {
  readonly path: RegExp;
  readonly query: Readonly<Record<string, Values>>;
}

const filters = /^\{[\x20-\x7e]{0,8000}\}$/;
const time = /^\d{1,12}(\.\d{1,9})?$/;
const flag = /^(1|true)$/;

/** The whole of what is ever sent to Docker. Each of these reads, and none of them holds a connection for writing. */
const routes: readonly Route[] = [
  { path: /^\/(version|info)$/, query: {} },
  { path: /^\/nodes$/, query: {} },
  { path: /^\/services$/, query: { status: flag } },
  { path: /^\/tasks$/, query: { filters } },
  { path: /^\/events$/, query: { since: time, filters } },
  {
    path: /^\/tasks\/[a-z0-9]{1,64}\/logs$/,
    query: { stdout: flag, stderr: flag, timestamps: flag, tail: /^\d{1,4}$/ },
  },
];

const versionPrefix = /^\/v\d{1,2}\.\d{1,3}(?=\/)/;

/**
 * The request line to send to Docker for `target`, or nothing if it is not on the list. What is sent is put together
 * anew from parts that matched: nothing a client wrote is passed on as it came, so there is no second reading of it.
 */
export function allowedTarget(method: string, target: string): string | undefined {
  if (method !== "GET") return undefined;
  const [path = "", query, ...rest] = target.split("?");
  if (rest.length > 0) return undefined;
  const prefix = versionPrefix.exec(path)?.[0] ?? "";
  const route = routes.find((one) => one.path.test(path.slice(prefix.length)));
  if (!route) return undefined;

  const parameters = [...new URLSearchParams(query)];
  const names = new Set(parameters.map(([name]) => name));
  if (names.size !== parameters.length) return undefined;
  if (!parameters.every(([name, value]) => Object.hasOwn(route.query, name) && route.query[name]?.test(value))) {
    return undefined;
  }
  return parameters.length > 0 ? `${path}?${new URLSearchParams(parameters).toString()}` : path;
}
