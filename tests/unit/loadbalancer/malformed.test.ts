import { startBackend } from "../../support/backend";
import { behindProxy, exchange } from "../../support/reverse-proxy";
import { malformed } from "../../support/malformed";
import { kinds } from "../../support/requests";

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startBackend, (port) => {
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
    const routes = [
      { name: "site", path: "/", target },
      { name: "api", path: "/", host: "api.example", target },
    ];
    return { httpsPort: 443, routes };
  });

  front.available.each(malformed.map((row) => [row.name, row] as const))("%s", async (_, { bytes, status }) => {
    const reply = await exchange(front.proxy.port, Buffer.from(bytes, "latin1"));
    expect(reply.status).toBe(typeof status === "number" ? status : status[kind]);
    // Bytes after the first body are no request of their own, and no address but the client's arrives.
    expect(front.server.runs.has("smuggled")).toBe(false);
    expect(reply.body).not.toContain("1.1.1.1");
  });
});
