import { ask } from "../../support/ask";
import { behindProxy } from "../../support/reverse-proxy";
import { kinds } from "../../support/requests";
import { serve, type Served } from "../../support/serve";

/** Answer of a service that has rules of its own. */
const own = {
  "access-control-allow-origin": "https://app.example",
  "access-control-allow-methods": "PUT, DELETE",
  "access-control-allow-headers": "x-token",
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "x-total",
  "access-control-max-age": "600",
  "cross-origin-resource-policy": "same-site",
};

/** A service without rules, below /own/ one with them; `x-received` repeats what it saw. */
const startService = (): Promise<Served> =>
  serve(({ method = "", headers, url = "" }, response) => {
    const received = [method, headers.origin ?? "", headers["access-control-request-method"] ?? ""].join(" ").trim();
    response.writeHead(method === "OPTIONS" ? 204 : 200, {
      "x-received": received,
      ...(url.startsWith("/own") ? own : {}),
    });
    response.end();
  });

const preflight = {
  method: "OPTIONS",
  headers: {
    Origin: "https://app.example",
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "x-token",
  },
};
const crossOrigin = { method: "PUT", headers: { Origin: "https://app.example" } };

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startService, (port) => {
    const server = (to: number) => ({ name: "one", address: "127.0.0.1", port: to });
    const target = { kind: "http", servers: [server(port)] } as const;
    return {
      httpsPort: 443,
      routes: [
        { name: "site", path: "/", target, compression: true },
        { name: "small", path: "/small/", target, bodyMiB: 1 },
        { name: "office", path: "/office/", target, allow: ["192.0.2.0/24"] },
        { name: "login", path: "/login/", target, login: true },
        { name: "gone", path: "/gone/", target: { kind: "http", servers: [server(1)] } },
      ],
    };
  });
  const permissions = async (path: string, options: typeof preflight | typeof crossOrigin, more = {}) => {
    const { status, headers } = await ask(front.proxy.port, path, {
      ...options,
      headers: { ...options.headers, ...more },
    });
    const found = Object.entries(headers).filter(([name]) => /^(access-control|cross-origin)-/.test(name));
    return { status, received: headers["x-received"], found: Object.fromEntries(found) };
  };

  front.available(
    "the load balancer permits nothing: a preflight and a request reach a service that says nothing",
    async () => {
      expect(await permissions("/", preflight)).toEqual({
        status: 204,
        received: "OPTIONS https://app.example PUT",
        found: {},
      });
      expect(await permissions("/", crossOrigin)).toEqual({
        status: 200,
        received: "PUT https://app.example",
        found: {},
      });
    },
  );

  front.available("what the service permits arrives unchanged, once each", async () => {
    for (const options of [preflight, crossOrigin]) expect((await permissions("/own/", options)).found).toEqual(own);
  });

  front.available("its own answers permit nothing", async () => {
    const large = { "Content-Length": String(2 * 1024 * 1024), Connection: "close" };
    const rows = [
      ["/small/", large, 413],
      ["/office/", {}, 403],
      ["/login/", {}, 401],
      ["/a/../b", {}, 400],
      ["/small", {}, 308],
      ["/gone/", {}, kind === "nginx" ? 502 : 503],
    ] as const;
    for (const [path, more, status] of rows)
      for (const options of [preflight, crossOrigin]) {
        const { status: given, found } = await permissions(path, options, more);
        expect([path, given, found]).toEqual([path, status, {}]);
      }
  });
});
