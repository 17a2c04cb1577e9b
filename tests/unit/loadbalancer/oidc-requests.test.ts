import { programs } from "../../support/proxy-program";
import { startProxy, exchange, open, type ReverseProxy, type Reply } from "../../support/reverse-proxy";
import { startBackend, type Backend, type Seen } from "../../support/backend";
import { cookies, startLoginProxy, type LoginProxy } from "../../support/login-proxy";
import { bytesOf, get, kinds, type Row } from "../../support/requests";
import type { LoadBalancerPlan, Route, Target } from "../../../stacks/loadbalancer/base/types";

/** Routes with and without a login on one host, one with a login on a host of its own, and a host without any. */
function planFor(port: number): LoadBalancerPlan {
  const target: Target = { kind: "service", service: "web", port, endpoint: "tasks" };
  const route = (name: string, path: string, more: Partial<Route> = {}): Route => ({ name, path, target, ...more });
  return {
    httpsPort: 443,
    routes: [
      route("app", "/app/", { login: "oidc", host: "shop.example" }),
      route("inside", "/inside/", { login: "oidc", allow: ["192.0.2.0/24"], host: "shop.example" }),
      route("site", "/", { host: "shop.example" }),
      route("all", "/", { login: "oidc", host: "all.example" }),
      route("plain", "/", { host: "plain.example" }),
    ],
  };
}

const seenIn = ({ body }: Reply): Seen => JSON.parse(/\{.*\}/s.exec(body)?.[0] ?? "{}") as Seen;

describe.each(kinds)("%s with oauth2-proxy's answers", (kind) => {
  const available = programs[kind] === undefined ? test.skip : test;
  let backend: Backend;
  let proxy: LoginProxy;
  let balancer: ReverseProxy;
  beforeAll(async () => {
    if (programs[kind] === undefined) return;
    backend = await startBackend();
    proxy = await startLoginProxy();
    balancer = await startProxy(kind, planFor(backend.port), { loginPort: proxy.port });
    // HAProxy takes a second to look its tasks up.
    const deadline = Date.now() + 30_000;
    while ((await send(get("/app/", { head: [cookies.known] }))).status !== 200 && Date.now() < deadline);
  }, 60_000);
  afterAll(async () => {
    if (programs[kind] === undefined) return;
    await balancer.stop();
    await proxy.stop();
    await backend.stop();
  });
  const send = (row: Row): Promise<Reply> => exchange(balancer.port, bytesOf(row), row.until);
  const last = () => proxy.requests.at(-1);

  available(
    "a user who is not known is sent to the provider, and comes back to the page that was requested",
    async () => {
      const reply = await send(get("/app/a%2Fb?x=1&y=%2F"));
      expect(reply).toMatchObject({
        status: 302,
        headers: { location: "https://login.example/auth", "set-cookie": "csrf=1; Path=/, more=2; Path=/" },
      });
      expect(last()).toMatchObject({
        method: "GET",
        url: "/",
        headers: {
          host: "shop.example",
          "x-auth-request-redirect": "/app/a%2Fb?x=1&y=%2F",
          "x-forwarded-for": "127.0.0.1",
          "x-forwarded-proto": "https",
          "x-forwarded-host": "shop.example",
        },
      });
    },
  );

  available("so is a form of one, without what it holds", async () => {
    const form = { line: "POST /app/", body: "a=1", head: ["X-Auth-Request-Redirect: https://evil.example/"] };
    expect((await send(get("/app/", form))).status).toBe(302);
    expect(last()).toMatchObject({ method: "GET", bytes: 0, headers: { "x-auth-request-redirect": "/app/" } });
  });

  available("a known user is served, and the service knows who it is, whatever the request says", async () => {
    const spoofed = ["User: evil", "Email: evil@evil", "Groups: admin", "Preferred-Username: evil"];
    const head = [
      cookies.known,
      ...spoofed.map((header) => `X-Forwarded-${header}`),
      ...spoofed.map((header) => `X-Auth-Request-${header}`),
      ...["X_Forwarded_User: evil", "X-Forwarded-Access-Token: evil", "Authorization: Bearer own"],
    ];
    const reply = await send(get("/app/a%2Fb?x=1", { head }));
    expect(reply.status).toBe(200);
    const { url, headers } = seenIn(reply);
    expect(url).toBe("/a%2Fb?x=1");
    expect(headers).toMatchObject({
      "x-forwarded-user": "u1",
      "x-forwarded-email": "ann@example.com",
      "x-forwarded-for": "127.0.0.1",
      "x-real-ip": "127.0.0.1",
      "x-forwarded-prefix": "/app/",
      authorization: "Bearer own",
    });
    expect(JSON.stringify(headers)).not.toContain("evil");
  });

  available("the session stays at the balancer, on routes without a login too; other cookies pass", async () => {
    const cookieAt = async (path: string, cookie: string, host = "shop.example") => {
      const reply = await send(get(path, { host, head: [`Cookie: ${cookie}`] }));
      expect(reply.status).toBe(200);
      return seenIn(reply).headers.cookie ?? "";
    };
    const session = "__Host-farm-oidc=known";
    const places = [
      ["/app/", "shop.example"],
      ["/x", "shop.example"],
      ["/x", "plain.example"],
    ] as const;
    for (const [path, host] of places) {
      expect(await cookieAt(path, session, host)).toBe("");
      expect(await cookieAt(path, `a=1; ${session}; b=2`, host)).toBe("a=1; b=2");
      expect(await cookieAt(path, `${session}; b=2`, host)).toBe("b=2");
      expect(await cookieAt(path, `a=1; ${session}`, host)).toMatch(/^a=1;?$/);
      expect(await cookieAt(path, `a=1; ${session}; a__Host-farm-oidc=2`, host)).toBe("a=1; a__Host-farm-oidc=2");
    }
    expect(await cookieAt("/x", "__Host-farm-oidc_0=part; __Host-farm-oidc_1=rest")).toBe("__Host-farm-oidc_1=rest");
    expect(await cookieAt("/x", "a=1; b=2")).toBe("a=1; b=2");
  });

  available("a body reaches the service whole, and oauth2-proxy never", async () => {
    const body = "a".repeat(1024 * 1024);
    const reply = await send(get("/app/", { line: "POST /app/", body, head: [cookies.known] }));
    expect(seenIn(reply)).toMatchObject({ method: "POST", bytes: body.length });
    expect(last()?.bytes).toBe(0);
  });

  available(
    "a user who may not gets 403, and a proxy that fails or is away gives 503; the service sees neither",
    async () => {
      expect((await send(get("/app/?run=foreign", { head: [cookies.foreign] }))).status).toBe(403);
      expect((await send(get("/app/?run=broken", { head: [cookies.broken] }))).status).toBe(503);
      expect([...backend.runs.keys()]).toEqual([]);
    },
  );

  available("`allow` of the route holds before the login", async () => {
    const count = proxy.requests.length;
    expect((await send(get("/inside/", { head: [cookies.known] }))).status).toBe(403);
    expect(proxy.requests).toHaveLength(count);
  });

  available("answers of the service stay its own, 401 and 500 too", async () => {
    for (const status of [401, 403, 500, 503])
      expect((await send(get(`/app/status/${String(status)}`, { head: [cookies.known] }))).status).toBe(status);
  });

  available("a WebSocket passes for a known user alone", async () => {
    const shake = async (...head: readonly string[]) => {
      const socket = open(balancer.port);
      const fields = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
      const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
      socket.write(["GET /app/socket HTTP/1.1", "Host: shop.example", ...fields, key, ...head, "", ""].join("\r\n"));
      const text = await new Promise<string>((resolve) =>
        socket.once("data", (data: Buffer) => {
          resolve(data.toString());
        }),
      );
      socket.destroy();
      return text.slice(0, 12);
    };
    expect(await shake(cookies.known)).toBe("HTTP/1.1 101");
    expect(await shake()).toBe("HTTP/1.1 302");
  });

  available("an event arrives before the response ends", async () => {
    const request = bytesOf(get("/app/events", { head: [cookies.known] }));
    expect((await exchange(balancer.port, request, /data: first/)).body).toContain("data: first");
  });

  available("the pages of the login are on hosts with one, without their question for balancers", async () => {
    const spoofed = { head: ["X-Auth-Request-Redirect: /evil", "X-Forwarded-Uri: /evil"] };
    expect((await send(get("/farm-oidc/callback?code=1", spoofed))).body).toContain("page /farm-oidc/callback?code=1");
    expect(JSON.stringify(last()?.headers)).not.toContain("evil");
    expect((await send(get("/farm-oidc/auth", { head: [cookies.known] }))).status).toBe(404);
    expect((await send(get("/farm-oidc/sign_out", { host: "all.example" }))).body).toContain("sign_out");
    const elsewhere = await send(get("/farm-oidc/start", { host: "plain.example" }));
    expect(seenIn(elsewhere).url).toBe("/farm-oidc/start");
  });

  available("a route without a login is untouched", async () => {
    const count = proxy.requests.length;
    const reply = await send(get("/x", { head: ["X-Forwarded-User: own"] }));
    expect(seenIn(reply)).toMatchObject({ url: "/x", headers: { "x-forwarded-user": "own" } });
    expect(proxy.requests).toHaveLength(count);
  });

  available("with oauth2-proxy away, 503 for a known user and on its pages, and other routes serve", async () => {
    await proxy.stop();
    expect((await send(get("/app/?run=away", { head: [cookies.known] }))).status).toBe(503);
    expect((await send(get("/farm-oidc/start"))).status).toBe(503);
    expect((await send(get("/x"))).status).toBe(200);
    expect(backend.runs.has("away")).toBe(false);
  });
});
