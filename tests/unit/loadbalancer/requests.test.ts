import { connect as connectHttp2 } from "node:http2";
import { startBackend, type Seen } from "../../support/backend";
import { behindProxy, exchange, open, startProxy, type Reply } from "../../support/reverse-proxy";
import { bytesOf, get, kinds, rows, type Row } from "../../support/requests";
import type { LoadBalancerPlan, Route } from "../../../stacks/loadbalancer/base/types";

/** Requests at the backend, with the headers that it must not receive. */
function seenIn({ body }: Reply): Seen {
  const seen = JSON.parse(/\{.*\}/s.exec(body)?.[0] ?? "{}") as Seen;
  return { ...seen, headers: { proxy: "none", x_forwarded_for: "none", ...seen.headers } };
}

function planFor(port: number): LoadBalancerPlan {
  const server = (name: string, at: number) => ({ name, address: "127.0.0.1", port: at });
  // Port 1 answers nobody: one of the nodes is gone.
  const target = { kind: "http", servers: [server("one", port), server("gone", 1), server("two", port)] } as const;
  const route = (name: string, path: string, more: Partial<Route> = {}): Route => ({ name, path, target, ...more });
  return {
    httpsPort: 443,
    routes: [
      route("site", "/"),
      route("api", "/", { host: "api.example" }),
      route("hello", "/hello/"),
      route("small", "/small/", { bodyMiB: 1 }),
      route("quick", "/quick/", { readTimeoutSeconds: 2 }),
      route("dead", "/dead/", { target: { kind: "http", servers: [server("gone", 1)] } }),
    ],
  };
}

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startBackend, planFor);

  const send = (row: Row): Promise<Reply> => exchange(front.proxy.port, bytesOf(row), row.until);

  front.available.each(rows.map((row) => [row.name, row] as const))("%s", async (_, row) => {
    const reply = await send(row);
    expect(reply.status).toBe(typeof row.status === "number" ? row.status : row.status[kind]);
    if (row.reply) expect(reply).toMatchObject(row.reply);
    if (row.seen) expect(seenIn(reply)).toMatchObject(row.seen);
  });

  front.available("a WebSocket echoes, and ends when the server closes it", async () => {
    const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
    const head = ["GET /socket HTTP/1.1", "Host: shop.example", ...upgrade, key, "", ""].join("\r\n");
    const socket = open(front.proxy.port);
    let text = "";
    const ended = new Promise((resolve) => socket.on("end", resolve).on("close", resolve));
    socket.on("data", (data: Buffer) => {
      text += data.toString();
      if (text.endsWith("\r\n\r\n")) socket.write("hello");
      if (text.endsWith("hello")) socket.write("bye");
    });
    socket.write(head);
    await ended;
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1.1 101 [^]*\r\n\r\nhellobye$/);
  });

  front.available("a change to another protocol is not passed on", async () => {
    const seen = seenIn(await send(get("/", { head: ["Connection: Upgrade", "Upgrade: h2c"] })));
    expect(seen.headers).not.toHaveProperty("upgrade");
  });

  front.available("an event arrives before the response ends", async () => {
    const request = bytesOf(get("/events"));
    expect((await exchange(front.proxy.port, request, /data: first/)).body).toContain("data: first");
  });

  front.available("HTTP/2 reaches the same routes", async () => {
    const session = connectHttp2(`https://127.0.0.1:${String(front.proxy.port)}`, { rejectUnauthorized: false });
    const body = await new Promise<string>((resolve, reject) => {
      let text = "";
      const request = session.request({ ":path": "/hello/a%2Fb", ":authority": "shop.example:8443" });
      request.on("data", (data: Buffer) => (text += data.toString())).on("error", reject);
      request.on("end", () => {
        resolve(text);
      });
    });
    session.close();
    const headers = { host: "shop.example:8443", "x-forwarded-port": "8443" };
    expect(JSON.parse(body)).toMatchObject({ url: "/a%2Fb", headers });
  });

  front.available("no request runs twice that a server may have begun, and other requests do not notice", async () => {
    const others = new Set<number>();
    const stop = new AbortController();
    const load = (async () => {
      while (!stop.signal.aborted) others.add((await send(get("/text"))).status);
    })();
    const rounds = Array.from({ length: 5 }, (_, i) => String(i));
    const run = (line: string, run: string) => send({ name: "", line: `${line}?run=${run}`, body: "x", status: 0 });
    const statuses = await Promise.all(
      rounds.flatMap((i) => [
        run("GET /status/503", `s${i}`),
        run("POST /drop", `p${i}`),
        run("GET /quick/silent", `q${i}`),
      ]),
    );
    stop.abort();
    await load;
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([503, 502, 504]));
    expect([
      ...new Set([...front.server.runs].filter(([key]) => /^[spq]/.test(key)).map(([, count]) => count)),
    ]).toEqual([1]);
    expect([...others]).toEqual([200]);
  });

  front.available("a GET whose connections break is tried at most four times", async () => {
    await send(get("/drop?run=g"));
    expect(front.server.runs.get("g")).toBeLessThanOrEqual(4);
  });

  front.available("headers of a trusted proxy are used", async () => {
    const behind = await startProxy(kind, { ...planFor(front.server.port), trustedProxies: ["127.0.0.0/8"] });
    const head = ["X-Forwarded-For: 9.9.9.9, 1.2.3.4", "X-Forwarded-Proto: http", "X-Forwarded-Host: a.example"];
    const seen = seenIn(await exchange(behind.port, bytesOf(get("/", { head }))));
    await behind.stop();
    expect(seen.headers).toMatchObject({
      "x-real-ip": "1.2.3.4",
      "x-forwarded-for": "1.2.3.4",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "a.example",
      "x-forwarded-port": "443",
    });
  });
});
