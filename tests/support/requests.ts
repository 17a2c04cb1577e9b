import type { Seen } from "./backend";

/** The programs that must give the same answers. */
export const kinds = ["nginx", "haproxy"] as const;
export type Kind = (typeof kinds)[number];

/** A request as it is sent, and what must be true of its answer; a value that differs has a reason. */
export interface Row {
  readonly name: string;
  readonly line: string;
  readonly head?: readonly string[];
  readonly body?: string;
  readonly version?: string;
  readonly host?: string | null;
  /** When the answer is whole, where the connection stays open for the rest of the request. Default: at its end. */
  readonly until?: RegExp;
  readonly status: number | Readonly<Record<Kind | "why", number | string>>;
  readonly seen?: Partial<Omit<Seen, "headers">> & { readonly headers?: Readonly<Record<string, unknown>> };
  readonly reply?: { readonly headers?: Readonly<Record<string, unknown>>; readonly body?: string };
}

const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const mib = "a".repeat(1024 * 1024);
/** A GET that is answered with 200. */
export const get = (path: string, more: Partial<Row> = {}): Row => ({
  name: path,
  line: `GET ${path}`,
  status: 200,
  ...more,
});

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT"].map((method): Row => ({
  name: method,
  line: `${method} /x`,
  status: 200,
  seen: { method, url: "/x" },
}));

const bodies: Row[] = [
  { name: "an empty body", line: "POST /", head: ["Content-Length: 0"], status: 200, seen: { bytes: 0 } },
  { name: "2 MiB", line: "POST /", body: mib + mib, status: 200, seen: { bytes: 2 * 1024 * 1024 } },
  {
    name: "chunked",
    line: "POST /",
    head: ["Transfer-Encoding: chunked"],
    body: chunked("hello"),
    status: 200,
    seen: { bytes: 5 },
  },
  { name: "Expect", line: "POST /", head: ["Expect: 100-continue"], body: "hello", status: 200, seen: { bytes: 5 } },
  // Announced alone: HAProxy 2.6 of Debian closes with the body unread, and a client that still writes may miss the answer.
  {
    name: "more than the route's limit",
    line: "POST /small/",
    head: [`Content-Length: ${String(1024 * 1024 + 1)}`],
    until: /\r\n\r\n/,
    status: 413,
  },
  { name: "as much as the route's limit", line: "POST /small/", body: mib, status: 200, seen: { bytes: 1024 * 1024 } },
  {
    name: "an announced 101 MiB",
    line: "POST /",
    head: [`Content-Length: ${String(101 * 1024 * 1024)}`],
    until: /\r\n\r\n/,
    status: 413,
  },
];

const paths: Row[] = [
  ...[
    "/a%2Fb",
    "/a%20b",
    "/%C3%A4",
    "/a//b",
    "//a",
    "/a/",
    "/a;v=1",
    "/a+b",
    "/a%2520b",
    "/x?q=a%2Fb&c=/../d",
    "/a%3Fb",
  ].map((path) => get(path, { seen: { url: path } })),
  get("/hello/a%2Fb?x=1", { seen: { url: "/a%2Fb?x=1", headers: { "x-forwarded-prefix": "/hello/" } } }),
  get("/hello/", { seen: { url: "/" } }),
  get("/hellos", { seen: { url: "/hellos" } }),
  get("/hello?x=1&y=%2F", { status: 308, reply: { headers: { location: "/hello/?x=1&y=%2F" } } }),
  get("/hell%6f/x", { status: 400, name: "an encoded prefix" }),
  get("/hello%2Fx", { status: 400, name: "a prefix that ends encoded" }),
  ...["/../x", "/a/..", "/a/./b", "/a/%2e%2e/b", "/a/.%2E/b", "/a/..;/b", "/a/..%2fb", "/a/..%5cb", "/."].map((path) =>
    get(path, { status: 400 }),
  ),
  ...["/.well-known/x", "/a..b", "/...", "/x?y=/../z"].map((path) => get(path, { seen: { url: path } })),
];

const client: Row[] = [
  get("/", {
    name: "who asked",
    host: "shop.example:8443",
    seen: {
      headers: {
        host: "shop.example:8443",
        "x-real-ip": "127.0.0.1",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "shop.example:8443",
        "x-forwarded-port": "8443",
        "x-forwarded-prefix": "/",
      },
    },
  }),
  get("/", {
    name: "spoofed headers",
    head: [
      ...["X-Forwarded-For: 1.2.3.4", "X-Real-IP: 1.2.3.4", "X-Forwarded-Proto: http", "X-Forwarded-Host: evil"],
      ...["X-Forwarded-Port: 1", "X-Forwarded-Prefix: /evil", "X_Forwarded_For: 1.2.3.4", "Proxy: http://evil"],
    ],
    seen: {
      headers: {
        "x-real-ip": "127.0.0.1",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "shop.example",
        "x-forwarded-port": "443",
        "x-forwarded-prefix": "/",
        x_forwarded_for: "none",
        proxy: "none",
      },
    },
  }),
  get("/", { name: "a name of someone else", host: "other.example", seen: { headers: { host: "other.example" } } }),
  get("/", { name: "a name with a route", host: "api.example:8443", seen: { headers: { "x-forwarded-prefix": "/" } } }),
  get("/redirect", {
    host: "shop.example:8443",
    status: 302,
    reply: { headers: { location: "https://shop.example:8443/style.css" } },
  }),
  get("/", { name: "HTTP/1.0", version: "1.0", seen: { headers: { host: "shop.example" } } }),
  get("/", { name: "HTTP/1.0 without Host", version: "1.0", host: null, seen: { headers: { host: "localhost" } } }),
  get("/", { name: "HTTP/1.1 without Host", host: null, status: 400 }),
];

const headers: Row[] = [
  get("/", { name: "a header of 32 KiB", head: [`Cookie: ${"c".repeat(32 * 1024)}`], seen: {} }),
  get("/header/32768", { reply: { headers: { "x-large": "a".repeat(32 * 1024) } } }),
  get("/", { name: "repeated headers", head: ["Accept: a", "Accept: b"], seen: { headers: { accept: "a, b" } } }),
  get("/cookies", { reply: { headers: { "set-cookie": "a=1; Path=/, b=2; Path=/" } } }),
  get("/", { name: "cookies", head: ["Cookie: a=1; b=2"], seen: { headers: { cookie: "a=1; b=2" } } }),
  get("/internal", { name: "a redirect within a server", reply: { body: expect.stringContaining("page") as string } }),
];

const answered: Row[] = [
  { name: "HEAD", line: "HEAD /text", status: 200, reply: { body: "" } },
  get("/range", { head: ["Range: bytes=0-3"], status: 206, reply: { headers: { "content-range": "bytes 0-3/10" } } }),
  get("/etag", { head: ['If-None-Match: "v1"'], status: 304, reply: { body: "" } }),
  ...[201, 204, 400, 401, 403, 404, 409, 410, 418, 422, 429, 451, 500, 501, 502, 503, 504, 507, 599].map((status) =>
    get(`/status/${String(status)}`, { status }),
  ),
  { name: "an answer before the body ends", line: "POST /early", body: "hello", status: 403 },
  get("/dead/", {
    name: "no server",
    status: {
      nginx: 502,
      haproxy: 503,
      why: "HAProxy has 503 for a backend without a server, and 502 for a bad answer",
    },
  }),
  get("/quick/silent", { name: "a server that does not answer in time", status: 504 }),
  get("/drop", { name: "a connection that breaks", status: 502 }),
];

const smuggled: Row[] = [
  {
    name: "Content-Length and Transfer-Encoding",
    line: "POST /",
    head: ["Content-Length: 3", "Transfer-Encoding: chunked"],
    body: chunked("hello"),
    status: {
      nginx: 400,
      haproxy: 200,
      why: "RFC 9112, 6.3 allows both: HAProxy removes the Content-Length and closes the connection",
    },
  },
  ...(
    [
      ["two lengths", ["Content-Length: 3", "Content-Length: 5"]],
      ["a negative length", ["Content-Length: -1"]],
      ["a length that is no number", ["Content-Length: 5x"]],
      ["an encoding twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]],
      ["a space before the colon", ["Content-Length : 5"]],
      ["two hosts", ["Host: other.example"]],
    ] as const
  ).map(([name, head]): Row => ({ name, line: "POST /", head: [...head, "X-A: b"], status: 400 })),
];

/** The requests of every kind. */
export const rows = [...methods, ...bodies, ...paths, ...client, ...headers, ...answered, ...smuggled];

/** The bytes of a request. */
export function bytesOf({ line, head = [], body = "", version = "1.1", host = "shop.example" }: Row): string {
  const sized = head.some((field) => /^(content-length|transfer-encoding)/i.test(field));
  return [
    `${line} HTTP/${version}`,
    ...(host === null ? [] : [`Host: ${host}`]),
    "Connection: close",
    ...(body === "" || sized ? [] : [`Content-Length: ${String(body.length)}`]),
    ...head,
    "",
    body,
  ].join("\r\n");
}
