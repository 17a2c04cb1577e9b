// A client of a load balancer at HOST: `client.mjs HOST requests` sends one request after the other, each on a connection of its own, from
// ports that it uses again soon, as a busy proxy does; `client.mjs HOST streams COUNT SECONDS` opens streams and WebSockets. It writes a line
// once it has begun, and at its end, when its input is closed or the streams have ended, what it has seen as JSON.
import { request } from "node:https";
import { connect } from "node:tls";

const [host, kind, count, seconds] = process.argv.slice(2);
const to = { host, port: 443, rejectUnauthorized: false };

/** A request on its own connection: the body, or `failed: …`. */
function ask(path, localPort) {
  return new Promise((resolve) => {
    const sent = request({ ...to, path, localPort, agent: false, timeout: 20_000 }, (response) => {
      let body = "";
      response.on("data", (data) => (body += data));
      response.on("end", () => resolve(response.statusCode === 200 ? body : `failed: ${response.statusCode}`));
      response.on("error", ({ code }) => resolve(`failed: ${code}`));
    });
    sent.on("timeout", () => sent.destroy(new Error("timeout")));
    sent.on("error", ({ code, message }) => resolve(`failed: ${code ?? message}`));
    sent.end();
  });
}

/** A WebSocket's bytes until it is closed. */
function listen(path, begun) {
  return new Promise((resolve) => {
    let body = "";
    const socket = connect(to, () => {
      const fields = ["Host: farm.localhost", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
      socket.write(
        [`GET ${path} HTTP/1.1`, ...fields, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "", ""].join("\r\n"),
      );
    });
    socket.on("data", (data) => {
      body += data;
      begun();
    });
    socket.on("error", ({ code }) => resolve(`failed: ${code}`));
    socket.on("close", () => resolve(body));
  });
}

/** A stream's bytes. */
function read(path, begun) {
  return new Promise((resolve) => {
    const sent = request({ ...to, path, agent: false }, (response) => {
      let body = "";
      response.on("data", (data) => {
        body += data;
        begun();
      });
      response.on("end", () => resolve(body));
      response.on("error", ({ code }) => resolve(`failed: ${code}`));
    });
    sent.on("error", ({ code }) => resolve(`failed: ${code}`));
    sent.end();
  });
}

const seen = {};
const note = (answer) => (seen[answer] = (seen[answer] ?? 0) + 1);

if (kind === "requests") {
  let goes = true;
  process.stdin.on("end", () => (goes = false)).resume();
  console.log("begun");
  const sender = async (firstPort) => {
    while (goes) {
      const answer = await ask("/", firstPort + Math.floor(1000 * Math.random()));
      // The client has closed the former connection of this port itself; nothing was sent.
      if (answer !== "failed: EADDRNOTAVAIL") note(answer);
    }
  };
  await Promise.all([20_000, 21_000, 22_000].map(sender));
} else {
  let begun = 0;
  const all = Array.from({ length: Number(count) }, (_, at) => {
    let first = true;
    const begin = () => {
      if (first && (begun += 1) === Number(count)) console.log("begun");
      first = false;
    };
    return (at % 2 === 0 ? read : listen)(`/stream/${seconds}`, begin);
  });
  for (const body of await Promise.all(all))
    note(body.endsWith("whole") ? "whole" : body.startsWith("failed") ? body : "broken");
}
console.log(JSON.stringify(seen));
process.exit(0);
