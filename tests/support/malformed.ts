import type { Kind } from "./requests";

/** Bytes of a request, and the status that both programs give; one that differs has a reason. */
export interface Malformed {
  readonly name: string;
  readonly bytes: string;
  readonly status: number | Readonly<Record<Kind | "why", number | string>>;
}

const close = "Connection: close\r\n";
const host = `Host: shop.example\r\n${close}`;
/** A second request, which no service may see. */
const second = "GET /?run=smuggled HTTP/1.1\r\nHost: shop.example\r\n\r\n";
const chunked = "Transfer-Encoding: chunked\r\n";

const post = (name: string, head: string, body: string, status: Malformed["status"]): Malformed => ({
  name,
  // A second request has a chance only where the first does not ask for the end of the connection.
  bytes: `POST / HTTP/1.1\r\n${body.includes(second) ? host.replace(close, "") : host}${head}\r\n${body}`,
  status,
});
const line = (text: string, status: Malformed["status"], name = text): Malformed => ({
  name,
  bytes: `${text}\r\n${host}\r\n`,
  status,
});
const path = (text: string, status: Malformed["status"]): Malformed => line(`GET ${text} HTTP/1.1`, status, text);
const header = (name: string, text: string, status: Malformed["status"]): Malformed => ({
  name,
  bytes: `GET / HTTP/1.1\r\n${host}${text}\r\n\r\n`,
  status,
});
const hostLine = (text: string, status: Malformed["status"], uri = "/"): Malformed => ({
  name: `${uri} of Host: ${text.slice(0, 30)}`,
  bytes: `GET ${uri} HTTP/1.1\r\nHost: ${text}\r\n${close}\r\n`,
  status,
});

const both = (nginx: number, haproxy: number, why: string) => ({ nginx, haproxy, why });
const oneBody = "RFC 9112, 6.3 allows both: HAProxy removes the Content-Length and closes the connection";
const unknown = "nginx has 501 for each encoding but chunked, HAProxy 400 or 422";
const folded = "RFC 9112, 5.2 allows both: HAProxy replaces the fold by spaces";
const sameTwice = "RFC 9110, 8.6 allows both: HAProxy removes a second one of the same value";
const dropped = "nginx drops a field without a valid name, HAProxy refuses the request";

const bodies: Malformed[] = [
  post(
    "CL.TE",
    `Content-Length: ${String(5 + second.length)}\r\n${chunked}`,
    `0\r\n\r\n${second}`,
    both(400, 200, oneBody),
  ),
  post("TE.CL", `${chunked}Content-Length: 3\r\n`, `0\r\n\r\n${second}`, both(400, 200, oneBody)),
  post("TE.TE", `${chunked}Transfer-Encoding: x\r\n`, `0\r\n\r\n${second}`, 400),
  post("a space before the colon", "Content-Length: 5\r\nTransfer-Encoding : chunked\r\n", `0\r\n\r\n${second}`, 400),
  post("a folded encoding", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n", both(400, 200, folded)),
  ...["xchunked", "identity", "\x0bchunked"].map((value) =>
    post(`Transfer-Encoding: ${JSON.stringify(value)}`, `Transfer-Encoding: ${value}\r\n`, "", both(501, 400, unknown)),
  ),
  post(
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: gzip, chunked\r\n",
    "0\r\n\r\n",
    both(501, 422, unknown),
  ),
  ...["+5", "0x5", "", "99999999999999999999"].map((value) =>
    post(`Content-Length: ${value}`, `Content-Length: ${value}\r\n`, "hello", 400),
  ),
  post("Content-Length: 5, 5", "Content-Length: 5, 5\r\n", "hello", both(400, 200, sameTwice)),
  ...["zz", "-1", "fffffffffffffffff"].map((size) =>
    post(`a chunk of ${size}`, chunked, `${size}\r\nhello\r\n0\r\n\r\n`, 400),
  ),
  post("a chunk with an extension", chunked, "5;a=b\r\nhello\r\n0\r\n\r\n", 200),
  post("a trailer", chunked, "5\r\nhello\r\n0\r\nX-Forwarded-For: 1.1.1.1\r\n\r\n", 200),
];

const lines: Malformed[] = [
  line("GET / HTTQ/1.1", 400),
  line("GET / HTTP/2.0", both(505, 200, "HAProxy answers as for HTTP/1.1")),
  line("GET x HTTP/1.1", 400),
  line("get / HTTP/1.1", 400),
  line("OPTIONS * HTTP/1.1", 400),
  line("TRACE / HTTP/1.1", 405),
  { name: "CONNECT", bytes: "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", status: 400 },
  { name: "chunked in HTTP/1.0", bytes: `POST / HTTP/1.0\r\n${host}${chunked}\r\n0\r\n\r\n`, status: 400 },
  // RFC 9112, 2.2 allows a line to end so; the service sees lines that end with both.
  { name: "bare LF", bytes: `GET / HTTP/1.1\n${host.replaceAll("\r", "")}\n`, status: 200 },
];

const paths: Malformed[] = [
  ...["/a\0b", "/a%00b", "/a%zz", "/a%4", "/a%", "/a\xe4", "/a b", "/a\\..\\b", `/${"%2e".repeat(2)}/b`].map((text) =>
    path(text, 400),
  ),
  // A second decoding is no dot of a path, and neither is an overlong one.
  ...["/%252e%252e/b", "/%c0%ae%c0%ae/b", "/a%0d%0aX:y", "/?x=%00", "//hello/x"].map((text) => path(text, 200)),
  path("/a#b", both(200, 400, "no client sends a fragment; nginx passes it on as a part of the path")),
  { ...path(`/${"a".repeat(40 * 1024)}`, both(414, 400, "HAProxy has no 414")), name: "a path of 40 KiB" },
];

const headers: Malformed[] = [
  header("obs-fold", "X-A: b\r\n c: d", both(400, 200, folded)),
  { name: "obs-fold of the first line", bytes: `GET / HTTP/1.1\r\n X: y\r\n${host}\r\n`, status: 400 },
  header("bare CR", "X-A: b\rX-B: c", 400),
  header("a zero byte", "X-A: b\0c", 400),
  header("a space in a name", "X A: b", 400),
  header("no name", ": b", 400),
  header("a name beyond ASCII", "X\xe4: b", both(200, 400, dropped)),
  header("no colon", "garbage", both(200, 400, dropped)),
  header("a value beyond ASCII", "X-A: \xe4", 200),
  header("a header of 64 KiB", `X-A: ${"a".repeat(64 * 1024)}`, 400),
];

const hosts: Malformed[] = [
  ...["", "a, b", "a b", "a/../b", "user@a", 'a"><b>', "a:99x", "\xe4.example", "a\tb"].map((text) =>
    hostLine(text, 400),
  ),
  ...["a", "a_b.example", "a.example.", "A.example:8443", "[::1]:8443", "10.0.0.1:443"].map((text) =>
    hostLine(text, 200),
  ),
  hostLine("shop.example", 200, "http://shop.example/x"),
  hostLine("shop.example", 400, "http://other.example/x"),
  hostLine("shop.example", 400, "https://api.example/x"),
  header("the same Host twice", "Host: shop.example", both(400, 200, "HAProxy removes a second one of the same value")),
  header("another Host", "Host: api.example", 400),
];

/** Requests that a client of good will does not send. */
export const malformed = [...bodies, ...lines, ...paths, ...headers, ...hosts];
