import { connect as connectTcp } from "node:net";
import { connect } from "node:tls";
import { startBackend } from "../../support/backend";
import { planOf } from "../../support/balancer";
import { behindProxy, exchange } from "../../support/reverse-proxy";
import { bytesOf, get, kinds } from "../../support/requests";

/** A request after this header and a TLS handshake; empty if the connection is closed. */
function ask(port: number, header: string | Buffer, from = "127.0.0.1"): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const raw = connectTcp({ port, host: "127.0.0.1", localAddress: from });
    const end = () => {
      raw.destroy();
      resolve(text);
    };
    raw.on("error", end).on("close", end);
    raw.on("connect", () => {
      raw.write(header);
      const socket = connect({ socket: raw, rejectUnauthorized: false }, () => socket.write(bytesOf(get("/"))));
      socket.on("data", (data: Buffer) => (text += data.toString()));
      socket.on("end", end).on("error", end);
    });
  });
}

const version1 = "PROXY TCP4 203.0.113.7 10.77.0.11 4711 443\r\n";
/** The same in the binary form of the specification's section 2.2. */
const version2 = Buffer.concat([
  Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1"),
  Buffer.from([0x21, 0x11, 0, 12, 203, 0, 113, 7, 10, 77, 0, 11, 0x12, 0x67, 1, 0xbb]),
]);

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startBackend, (port) => {
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
    const routes = [
      { name: "site", path: "/", target },
      { name: "office", path: "/office/", target, allow: ["203.0.113.0/24"] },
    ];
    return { httpsPort: 443, proxyProtocol: { port: 8444, from: ["127.0.0.1/32"] }, routes };
  });

  front.available.each([
    ["version 1", version1],
    ["version 2", version2],
  ])("a listed proxy names the client: %s", async (_, header) => {
    const text = await ask(front.proxy.proxyProtocolPort, header);
    expect(text).toContain('"x-forwarded-for":"203.0.113.7"');
    expect(text).toContain('"x-real-ip":"203.0.113.7"');
  });

  front.available.each([
    ["another address", () => ask(front.proxy.proxyProtocolPort, version1, "127.0.0.2")],
    ["a proxy without a header", () => ask(front.proxy.proxyProtocolPort, "")],
    ["a header that is none", () => ask(front.proxy.proxyProtocolPort, "PROXY TCP4 x y z\r\n")],
  ])("gets no answer: %s", async (_, attempt) => {
    expect(await attempt()).toBe("");
  });

  front.available("the port for clients believes no such header, and serves without it", async () => {
    expect(await ask(front.proxy.port, version1)).not.toContain("203.0.113.7");
    const { body } = await exchange(front.proxy.port, bytesOf(get("/")));
    expect(body).toContain('"x-forwarded-for":"127.0.0.1"');
    expect((await exchange(front.proxy.port, bytesOf(get("/office/")))).status).toBe(403);
  });
});

test("the client's address has one source", () => {
  const from = ["192.0.2.0/24"];
  expect(() => planOf({ trustedProxies: from, proxyProtocol: { port: 8444, from } })).toThrow(
    "cannot be used with 'loadbalancer.trustedProxies'",
  );
});
