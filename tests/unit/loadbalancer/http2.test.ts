import { connect as connectHttp2, constants, type ClientHttp2Session, type OutgoingHttpHeaders } from "node:http2";
import { connect as connectTls } from "node:tls";
import { setTimeout as pause } from "node:timers/promises";
import { startBackend } from "../../support/backend";
import { behindProxy, startProxy } from "../../support/reverse-proxy";
import { outcome } from "../../support/http2-frames";
import { http2Requests } from "../../support/http2-requests";
import { kinds } from "../../support/requests";
import type { LoadBalancerPlan } from "../../../stacks/loadbalancer/base/types";

function planFor(port: number): LoadBalancerPlan {
  const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
  return {
    httpsPort: 443,
    routes: [
      { name: "site", path: "/", target },
      { name: "hello", path: "/hello/", target },
      { name: "api", path: "/", host: "api.example", target },
    ],
  };
}

/** Answer on a stream: its status and the length of its body; or the code of its error. */
function ask(session: ClientHttp2Session, path: string, headers: OutgoingHttpHeaders = {}): Promise<string> {
  return new Promise((resolve) => {
    const stream = session.request({ ":path": path, ":authority": "shop.example", ...headers });
    let [status, bytes] = [0, 0];
    stream.on("response", (given) => (status = given[":status"] ?? 0));
    stream.on("data", (data: Buffer) => (bytes += data.length));
    stream.on("error", () => undefined);
    stream.on("close", () => {
      resolve(status === 0 ? `reset ${String(stream.rstCode)}` : `${String(status)} ${String(bytes)}`);
    });
  });
}

function connect(port: number): ClientHttp2Session {
  return connectHttp2(`https://127.0.0.1:${String(port)}`, { rejectUnauthorized: false }).on("error", () => undefined);
}

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startBackend, planFor);

  front.available.each(http2Requests.map((row) => [row.name, row] as const))("%s", async (_, { frames, passes }) => {
    const expected = typeof passes === "boolean" ? passes : passes[kind];
    const seen = await outcome(front.proxy.port, frames);
    expect([seen, seen === "200"]).toEqual([seen, expected]);
    if (!expected) expect(["400", "404", "405", "another status", "reset", "goaway", "closed"]).toContain(seen);
    expect(await outcome(front.proxy.port, http2Requests[0]?.frames ?? [])).toBe("200");
  });

  front.available.each([
    [["h2", "http/1.1"], "h2"],
    [["http/1.1"], "http/1.1"],
    [[], false],
  ])("ALPN: of %j the client gets %s", async (offered, chosen) => {
    const socket = connectTls({
      port: front.proxy.port,
      host: "127.0.0.1",
      rejectUnauthorized: false,
      ALPNProtocols: offered,
    });
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    expect(socket.alpnProtocol).toBe(chosen);
    socket.destroy();
  });

  front.available("a second name of a host reaches neither a route nor the service", async () => {
    const session = connect(front.proxy.port);
    const stream = session.request({ ":path": "/", ":authority": "shop.example", host: "api.example" });
    let text = "";
    stream.on("data", (data: Buffer) => (text += data.toString())).on("error", () => undefined);
    await new Promise((resolve) => stream.on("close", resolve));
    session.close();
    expect(text).not.toContain("api.example");
  });

  front.available("500 streams of one connection are all answered", async () => {
    const session = connect(front.proxy.port);
    const answers = await Promise.all(Array.from({ length: 500 }, () => ask(session, "/text")));
    session.close();
    expect(new Set(answers)).toEqual(new Set(["200 4"]));
  });

  front.available(
    "headers of 32 KiB pass in both directions; larger ones end one request, not the client's next",
    async () => {
      const session = connect(front.proxy.port);
      expect(await ask(session, "/text", { cookie: "c".repeat(32 * 1024) })).toBe("200 4");
      expect(await ask(session, "/header/32768")).toBe("200 0");
      expect(await ask(session, "/text", { "x-a": "a".repeat(60 * 1024) })).not.toMatch(/^200/);
      session.destroy();
      const next = connect(front.proxy.port);
      expect(await ask(next, "/text")).toBe("200 4");
      next.close();
    },
  );

  front.available("2,000 streams that are reset at once hold up nobody else", async () => {
    const session = connect(front.proxy.port);
    for (let i = 0; i < 2000 && !session.destroyed; i++) {
      const stream = session.request({ ":path": "/late/1000", ":authority": "shop.example" });
      stream.on("error", () => undefined).close(constants.NGHTTP2_CANCEL);
      if (i % 100 === 0) await pause(1);
    }
    const other = connect(front.proxy.port);
    const started = Date.now();
    expect(await ask(other, "/text")).toBe("200 4");
    expect(Date.now() - started).toBeLessThan(3000);
    for (const each of [session, other]) each.destroy();
  });

  front.available("a task that ends finishes its streams, and announces the end by GOAWAY", async () => {
    const proxy = await startProxy(kind, planFor(front.server.port));
    const session = connect(proxy.port);
    const goaway = new Promise<number>((resolve) => session.once("goaway", resolve));
    const open = ask(session, "/late/700");
    await pause(300);
    // The images' STOPSIGNAL.
    process.kill(proxy.pid, kind === "nginx" ? "SIGQUIT" : "SIGUSR1");
    expect(await open).toBe("200 4");
    expect(await goaway).toBe(constants.NGHTTP2_NO_ERROR);
    session.destroy();
    await proxy.stop();
  });
});
