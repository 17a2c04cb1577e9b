import { get as ask } from "node:https";
import { readFileSync } from "node:fs";
import { OidcSettings } from "../../../stacks/loadbalancer/oidc/schema";
import type { Route, Target } from "../../../stacks/loadbalancer/base/types";
import { startBackend, type Backend, type Seen } from "../../support/backend";
import { programs } from "../../support/proxy-program";
import { exchange, open, startProxy, type ReverseProxy, type Reply } from "../../support/reverse-proxy";
import { oauth2Proxy, startOauth2Proxy } from "../../support/oauth2-proxy";
import { client, startProvider, type Provider } from "../../support/oidc-provider";
import { bytesOf, get, kinds, type Row } from "../../support/requests";
import type { Served } from "../../support/serve";

const program = oauth2Proxy();
const host = "shop.example:8443";
const ann = { sub: "1", email: "ann@example.com", groups: ["staff", "other"] };

const seenIn = ({ body }: Reply): Seen => JSON.parse(/\{.*\}/s.exec(body)?.[0] ?? "{}") as Seen;

/** The login's cookies that an answer sets, as a request has them; an empty value removes one. */
function cookiesOf({ headers }: Reply): Map<string, string> {
  const found = (headers["set-cookie"] ?? "").matchAll(/(__Host-farm-oidc[^=;,\s]*)=([^;]*)/g);
  return new Map([...found].map(([, name = "", value = ""]) => [name, value]));
}

const header = (cookies: ReadonlyMap<string, string>) => [
  `Cookie: ${[...cookies].map(([name, value]) => `${name}=${value}`).join("; ")}`,
];

describe.each(kinds)("%s, oauth2-proxy and a provider", (kind) => {
  const isInstalled = programs[kind] !== undefined && program !== undefined;
  const available = isInstalled ? test : test.skip;
  let provider: Provider;
  let proxy: Served;
  let backend: Backend;
  let balancer: ReverseProxy;

  beforeAll(async () => {
    if (!isInstalled) return;
    provider = await startProvider();
    const { issuer, ca } = provider;
    const who = { emailDomains: ["example.com"], allowedGroups: ["staff"] };
    const config = OidcSettings.parse({ issuer, clientId: client.id, clientSecret: client.secret, ...who });
    proxy = await startOauth2Proxy(program, config, ca);
    backend = await startBackend();
    const target: Target = { kind: "service", service: "web", port: backend.port, endpoint: "tasks" };
    const route = (name: string, path: string, more: Partial<Route> = {}): Route => ({ name, path, target, ...more });
    const routes = [route("app", "/app/", { login: "oidc" }), route("site", "/")];
    balancer = await startProxy(kind, { httpsPort: 443, routes }, { loginPort: proxy.port });
    const deadline = Date.now() + 30_000;
    while ((await page("/app/")).status !== 302 && Date.now() < deadline);
  }, 120_000);

  afterAll(async () => {
    if (!isInstalled) return;
    await balancer.stop();
    await proxy.stop();
    await backend.stop();
    await provider.stop();
  });

  const page = (path: string, more: Partial<Row> = {}) =>
    exchange(balancer.port, bytesOf(get(path, { host, ...more })));

  /** Where the provider sends the browser. */
  const authorize = (location: string) =>
    new Promise<URL>((resolve, reject) => {
      ask(location, { ca: readFileSync(provider.ca) }, ({ headers }) => {
        resolve(new URL(headers.location ?? ""));
      }).on("error", reject);
    });

  /** A login up to the answer of the callback. */
  const login = async (path: string) => {
    const redirect = await page(path);
    expect(redirect.status).toBe(302);
    const back = await authorize(redirect.headers.location ?? "");
    const cookies = cookiesOf(redirect);
    return { redirect, back, cookies, reply: await page(`${back.pathname}${back.search}`, { head: header(cookies) }) };
  };

  const session = async () => cookiesOf((await login("/app/")).reply);

  available("a login ends at the page that was requested, and the service knows the user", async () => {
    provider.user = ann;
    const { back, redirect, reply } = await login("/app/a%2Fb?x=1&y=%2F");
    expect(redirect.headers.location).toContain(`${provider.issuer}/authorize?`);
    expect(back.origin + back.pathname).toBe(`https://${host}/farm-oidc/callback`);
    expect(reply).toMatchObject({ status: 302, headers: { location: "/app/a%2Fb?x=1&y=%2F" } });
    expect(reply.headers["set-cookie"]).toMatch(/__Host-farm-oidc=[^;]+; Path=\/;[^]*?HttpOnly; Secure; SameSite=Lax/i);
    const head = [...header(cookiesOf(reply)), "X-Forwarded-User: evil", "X-Forwarded-Groups: admin"];
    const served = await page("/app/a%2Fb?x=1&y=%2F", { head });
    expect(served.status).toBe(200);
    expect(seenIn(served)).toMatchObject({
      url: "/a%2Fb?x=1&y=%2F",
      headers: {
        "x-forwarded-user": "1",
        "x-forwarded-email": "ann@example.com",
        "x-forwarded-groups": "staff,other",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-host": host,
      },
    });
  });

  available.each([
    ["of another domain", { ...ann, email: "bob@elsewhere.example" }],
    ["of a domain that ends as ours", { ...ann, email: "bob@evil-example.com" }],
    ["of no group of ours", { ...ann, groups: ["other"] }],
  ])("a user %s gets 403, and no session", async (_, user) => {
    provider.user = user;
    const { reply } = await login("/app/");
    expect(reply.status).toBe(403);
    expect(cookiesOf(reply).get("__Host-farm-oidc") ?? "").toBe("");
    provider.user = ann;
  });

  available("a session that was changed, or a callback without its cookie, is no login", async () => {
    const value = (await session()).get("__Host-farm-oidc") ?? "";
    expect((await page("/app/", { head: [`Cookie: __Host-farm-oidc=x${value}`] })).status).toBe(302);
    const { back } = await login("/app/");
    expect((await page(`${back.pathname}${back.search}`)).status).toBe(403);
  });

  available("a script gets 401 and no redirect", async () => {
    expect((await page("/app/", { head: ["Accept: application/json"] })).status).toBe(401);
  });

  available("a WebSocket passes with a session", async () => {
    const socket = open(balancer.port);
    const fields = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
    const head = ["GET /app/socket HTTP/1.1", `Host: ${host}`, ...fields, key, ...header(await session())];
    socket.write([...head, "", ""].join("\r\n"));
    const text = await new Promise<string>((resolve) =>
      socket.once("data", (data: Buffer) => {
        resolve(data.toString());
      }),
    );
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1\.1 101 /);
  });

  available("a logout removes the cookie, and leads to no other site", async () => {
    const head = header(await session());
    const reply = await page("/farm-oidc/sign_out?rd=https%3A%2F%2Fevil.example", { head });
    expect(reply).toMatchObject({ status: 302, headers: { location: "/" } });
    expect(cookiesOf(reply).get("__Host-farm-oidc")).toBe("");
  });

  available("with the provider away, sessions go on, and a login ends with 500", async () => {
    const head = header(await session());
    const redirect = await page("/app/");
    const back = await authorize(redirect.headers.location ?? "");
    await provider.stop();
    expect((await page("/app/", { head })).status).toBe(200);
    expect((await page("/app/")).status).toBe(302);
    expect((await page(`${back.pathname}${back.search}`, { head: header(cookiesOf(redirect)) })).status).toBe(500);
    expect((await page("/x")).status).toBe(200);
  });
});
