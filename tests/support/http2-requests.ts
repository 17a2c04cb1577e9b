import { endHeaders, endStream, fields, frame, get, padded, types } from "./http2-frames";
import type { Kind } from "./requests";

/** Frames after the preface, and whether the request passes; one that differs has a reason. */
export interface Frames {
  readonly name: string;
  readonly frames: readonly Buffer[];
  readonly passes: boolean | Readonly<Record<Kind | "why", boolean | string>>;
}

const whole = endStream | endHeaders;
const request = (name: string, list: readonly (readonly [string, string])[], passes: Frames["passes"]): Frames => ({
  name,
  frames: [frame(types.headers, whole, 1, fields(list))],
  passes,
});
/** Frames before or instead of a right request. */
const sent = (name: string, frames: readonly Buffer[], passes: Frames["passes"]): Frames => ({ name, frames, passes });
const good = frame(types.headers, whole, 1, fields(get()));
const both = (nginx: boolean, haproxy: boolean, why: string) => ({ nginx, haproxy, why });
const removed = both(true, false, "nginx removes the field, HAProxy refuses the request, as RFC 9113, 8.2.2 says");
const idle = both(true, false, "nginx ignores frames of a stream that is not open");
const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const requests: Frames[] = [
  request("a request", get(), true),
  request("a path of a route", get({ ":path": "/hello/a%2Fb" }), true),
  request("te: trailers", get({ te: "trailers" }), true),
  request("a name in upper case", get({ "X-Upper": "a" }), false),
  request("a name with a space", get({ "x a": "b" }), false),
  request("a name with a colon", get({ "x:a": "b" }), false),
  request("a line break in a value", get({ "x-a": "b\r\nx-real-ip: 1.1.1.1" }), false),
  request("a zero byte in a value", get({ "x-a": "b\0c" }), false),
  request("connection", get({ connection: "keep-alive" }), removed),
  request("transfer-encoding", get({ ":method": "POST", "transfer-encoding": "chunked" }), removed),
  request("upgrade", get({ upgrade: "h2c" }), removed),
  request("a WebSocket of HTTP/1.1", get({ ":path": "/socket", upgrade: "websocket", connection: "upgrade" }), false),
  request("te: gzip", get({ te: "gzip" }), removed),
  request("no method", get({ ":method": undefined }), false),
  request("no path", get({ ":path": undefined }), false),
  request("an empty path", get({ ":path": "" }), false),
  request("a path that is none", get({ ":path": "hello" }), false),
  request("a path with a space", get({ ":path": "/a b" }), false),
  request("a path with a line break", get({ ":path": "/ HTTP/1.1\r\nx: y" }), false),
  request("a path with /../", get({ ":path": "/a/../b" }), false),
  request("no scheme", get({ ":scheme": undefined }), false),
  request(
    "no name of a host",
    get({ ":authority": undefined }),
    both(false, true, "for HAProxy it is as one of HTTP/1.0; the service sees `localhost`"),
  ),
  request("the name of a host in `host` alone", get({ ":authority": undefined, host: "shop.example" }), true),
  request(
    "the name twice",
    get({ host: "shop.example" }),
    both(false, true, "nginx refuses a second one, even the same"),
  ),
  request(
    "two names",
    get({ host: "api.example" }),
    both(false, true, "HAProxy removes `host`: routes and the service have `:authority`"),
  ),
  request("a name that is none", get({ ":authority": 'a"><b>' }), false),
  request("a method with a space", get({ ":method": "GET /x" }), false),
  request("TRACE", get({ ":method": "TRACE" }), false),
  request("an unknown pseudo-header", get({ ":proto": "x" }), false),
  request("a pseudo-header of responses", get({ ":status": "200" }), false),
  request("a pseudo-header twice", [...get(), [":path", "/b"]], false),
  request(
    "a pseudo-header after a header",
    [["x-a", "b"], ...get()],
    both(true, false, "nginx reads them in any order"),
  ),
  sent(
    "less than its content-length",
    [
      frame(types.headers, endHeaders, 1, fields(get({ ":method": "POST", "content-length": "5" }))),
      frame(types.data, endStream, 1, "abc"),
    ],
    false,
  ),
  sent(
    "more than its content-length",
    [
      frame(types.headers, endHeaders, 1, fields(get({ ":method": "POST", "content-length": "2" }))),
      frame(types.data, endStream, 1, "abc"),
    ],
    false,
  ),
];

const connections: Frames[] = [
  sent("a frame of an unknown type", [frame(0xfa, 0, 0, "abc"), good], true),
  sent("a ping", [frame(types.ping, 0, 0, "12345678"), good], true),
  sent(
    "a header block in two frames",
    [
      frame(types.headers, endStream, 1, fields(get()).subarray(0, 20)),
      frame(types.continuation, endHeaders, 1, fields(get()).subarray(20)),
    ],
    true,
  ),
  sent("data without a stream", [frame(types.data, 0, 0, "abc")], false),
  sent("data of a stream that is idle", [frame(types.data, endStream, 1, "abc"), good], idle),
  sent("a reset of a stream that is idle", [frame(types.reset, 0, 1, number(8)), good], idle),
  sent("a stream of the server", [frame(types.headers, whole, 2, fields(get()))], false),
  sent("a continuation of nothing", [frame(types.continuation, endHeaders, 1, fields(get()))], false),
  sent(
    "another frame within a header block",
    [frame(types.headers, endStream, 1, fields(get()).subarray(0, 20)), frame(types.ping, 0, 0, "12345678")],
    false,
  ),
  sent(
    "more padding than frame",
    [frame(types.headers, whole | padded, 1, Buffer.concat([Buffer.from([255]), fields(get())]))],
    false,
  ),
  sent("an index that no table has", [frame(types.headers, whole, 1, Buffer.from([0xff, 0x80, 0x01]))], false),
  sent("a string that ends beyond the block", [frame(types.headers, whole, 1, Buffer.from([0, 5, 0x61]))], false),
  sent("settings of a size that is none", [frame(types.settings, 0, 0, "abc"), good], false),
  sent("settings of a stream", [frame(types.settings, 0, 1), good], false),
  sent("a ping of a size that is none", [frame(types.ping, 0, 0, "1234"), good], false),
  sent("a window that does not grow", [frame(types.window, 0, 0, number(0)), good], false),
  sent("a window that overflows", [frame(types.window, 0, 0, number(0x7fffffff)), good], false),
  sent(
    "a frame of 70 kB",
    [frame(types.headers, whole, 1, Buffer.concat([fields(get()), fields([["x-a", "a".repeat(70_000)]])]))],
    false,
  ),
  sent("a push of a client", [frame(types.push, endHeaders, 1, Buffer.concat([number(2), fields(get())]))], false),
];

/** Requests and frames of HTTP/2; where one does not pass, RFC 9113 lets a server reset the stream or end the connection. */
export const http2Requests = [...requests, ...connections];
