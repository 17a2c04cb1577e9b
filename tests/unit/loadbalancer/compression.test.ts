import { gunzipSync, gzipSync } from "node:zlib";
import { haproxyConfig } from "../../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../../stacks/loadbalancer/nginx";
import { ask, type Answer } from "../../support/ask";
import { planWith } from "../../support/balancer";
import { behindProxy } from "../../support/reverse-proxy";
import { kinds, type Kind } from "../../support/requests";
import { serve, type Served } from "../../support/serve";

const text = (bytes: number) => "swarm farm ".repeat(Math.ceil(bytes / 11)).slice(0, bytes);

/** Answers with the headers and the number of bytes that the query names, and in gzip if that is asked for. */
const startPages = (): Promise<Served> =>
  serve((_, response, { searchParams }) => {
    const headers = new Map(searchParams);
    const own = (name: string, otherwise: string) => {
      const value = headers.get(name) ?? otherwise;
      headers.delete(name);
      return value;
    };
    const [status, bytes, isChunked] = [own("status", "200"), own("bytes", "4096"), own("chunked", "")];
    const plain = Buffer.from(text(Number(bytes)));
    const body = headers.get("content-encoding") === "gzip" ? gzipSync(plain) : plain;
    const length = isChunked === "" ? { "content-length": body.length } : {};
    response.writeHead(Number(status), { ...Object.fromEntries(headers), ...length });
    // Two parts: the second must not hold up the first.
    response.write(body.subarray(0, 10));
    response.end(body.subarray(10));
  });

/** A response of a service, and whether a client gets it compressed; one that differs has a reason. */
type Row = readonly [
  name: string,
  query: string,
  compressed: boolean | Readonly<Record<Kind | "why", boolean | string>>,
];

const html = "content-type=text/html%3B charset%3Dutf-8".replaceAll(" ", "%20");

const rows: readonly Row[] = [
  ["a page", html, true],
  ["a page without a length", `${html}&chunked=1`, true],
  ...["text/css", "text/javascript", "application/json", "image/svg%2Bxml", "application/wasm"].map((type): Row => [
    type,
    `content-type=${type}`,
    true,
  ]),
  ...["image/png", "application/octet-stream", "text/event-stream", "video/mp4", "application/grpc"].map(
    (type): Row => [type, `content-type=${type}`, false],
  ),
  ["no type", "x-a=b", false],
  ["a page that the service compressed", `${html}&content-encoding=gzip`, false],
  ["a page that the service compressed otherwise", `${html}&content-encoding=br`, false],
  ["a range", `${html}&status=206&content-range=bytes%200-4095/9999`, false],
  ["a page of 404", `${html}&status=404`, { nginx: true, haproxy: false, why: "HAProxy compresses 200 to 203 alone" }],
  [
    "a page of 201",
    `${html}&status=201`,
    { nginx: false, haproxy: true, why: "nginx compresses 200, 403 and 404 alone" },
  ],
  ["a page of 500", `${html}&status=500`, false],
  [
    "a page of 500 bytes",
    `${html}&bytes=500`,
    { nginx: false, haproxy: true, why: "HAProxy has no minimum before 3.2" },
  ],
  [
    "a page that must not be transformed",
    `${html}&cache-control=no-transform`,
    {
      nginx: true,
      haproxy: false,
      why: "nginx does not read no-transform; the service can send Content-Encoding: identity",
    },
  ],
];

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startPages, (port) => {
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
    return {
      httpsPort: 443,
      routes: [
        { name: "site", path: "/", target, compression: true },
        { name: "plain", path: "/plain/", target },
        { name: "off", path: "/off/", target, compression: false },
      ],
    };
  });
  const page = (query: string, encoding = "gzip, br", path = "/"): Promise<Answer> =>
    ask(front.proxy.port, `${path}?${query}`, { headers: { "Accept-Encoding": encoding } });

  front.available.each(rows)("%s", async (_, query, compressed) => {
    const { headers, body } = await page(query);
    const own = /content-encoding=(\w+)/.exec(query)?.[1];
    const expected = typeof compressed === "boolean" ? compressed : compressed[kind];
    expect(headers["content-encoding"]).toBe(expected === true ? "gzip" : own);
    const bytes = Number(/bytes=(\d+)/.exec(query)?.[1] ?? 4096);
    const isGzip = expected === true || own === "gzip";
    expect((isGzip ? gunzipSync(body) : body).toString()).toBe(text(bytes));
    if (isGzip && bytes > 1000) expect(body.length).toBeLessThan(bytes / 10);
  });

  front.available("a client that accepts no gzip gets none, and a cache learns that others do", async () => {
    for (const encoding of ["br", "identity", "gzip;q=0", "deflate"]) {
      const { headers, body } = await page(html, encoding);
      expect([encoding, headers["content-encoding"], headers.vary]).toEqual([encoding, undefined, "Accept-Encoding"]);
      expect(body.toString()).toBe(text(4096));
    }
  });

  front.available("a compressed page varies, and its ETag is weak; the service's own Vary stays", async () => {
    const { headers } = await page(`${html}&etag=%22v1%22&vary=Cookie`);
    expect(headers).toMatchObject({ etag: 'W/"v1"', "content-encoding": "gzip" });
    // A second one means the same: HAProxy 2.6 adds its own.
    expect(new Set(headers.vary?.split(", "))).toEqual(new Set(["Accept-Encoding", "Cookie"]));
    expect(headers).not.toHaveProperty("content-length");
    expect((await page(`${html}&etag=W/%22v1%22`)).headers.etag).toBe('W/"v1"');
  });

  front.available("what is not compressed keeps its ETag, length and Vary", async () => {
    for (const [query, path] of [
      ["content-type=image/png", "/"],
      [html, "/plain/"],
      [html, "/off/"],
    ] as const) {
      const { headers } = await page(`${query}&etag=%22v1%22`, "gzip", path);
      expect(headers).toMatchObject({ etag: '"v1"', "content-length": "4096" });
      expect(headers).not.toHaveProperty("vary");
      expect(headers).not.toHaveProperty("content-encoding");
    }
  });
});

test("a route without the key, or with false, has the same configuration as before there was one", () => {
  const configs = [{ path: "/" }, { path: "/", compression: false }].flatMap((lamp) => {
    const plan = planWith({ lamp });
    return [nginxConfig(plan), haproxyConfig(plan, "")];
  });
  for (const config of configs) expect(config).not.toMatch(/gzip|compress|Vary/);
  expect(configs.slice(2)).toEqual(configs.slice(0, 2));
});
