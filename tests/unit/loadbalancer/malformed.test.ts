import { startBackend, type Backend } from "../../support/backend";
import { exchange, programs, startDoor, type Door } from "../../support/door";
import { malformed } from "../../support/malformed";
import { kinds } from "../../support/requests";

describe.each(kinds)("%s", (kind) => {
  const available = programs[kind] === undefined ? test.skip : test;
  let backend: Backend;
  let door: Door;

  beforeAll(async () => {
    if (programs[kind] === undefined) return;
    backend = await startBackend();
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port: backend.port }] } as const;
    const routes = [
      { name: "site", path: "/", target },
      { name: "api", path: "/", host: "api.example", target },
    ];
    door = await startDoor(kind, { httpsPort: 443, routes });
  });

  afterAll(async () => {
    if (programs[kind] === undefined) return;
    await door.stop();
    await backend.stop();
  });

  available.each(malformed.map((row) => [row.name, row] as const))("%s", async (_, { bytes, status }) => {
    const reply = await exchange(door.port, Buffer.from(bytes, "latin1"));
    expect(reply.status).toBe(typeof status === "number" ? status : status[kind]);
    // What followed the first body was no request of its own, and no address but the client's arrives.
    expect(backend.runs.has("smuggled")).toBe(false);
    expect(reply.body).not.toContain("1.1.1.1");
  });
});
