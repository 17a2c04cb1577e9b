// A service behind a load balancer, on port 9000: `/stream/SECONDS` sends for so long, as a stream or on a WebSocket; any other path
// answers with the client's address that the load balancer names.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const server = createServer((request, response) => {
  if (request.url.startsWith("/stream/")) send(response, secondsOf(request));
  else response.end(request.headers["x-real-ip"]);
});
server.on("upgrade", (request, socket) => {
  socket.on("error", () => socket.destroy());
  // HAProxy reads it (RFC 6455, section 4.2.2).
  const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`;
  const fields = ["Upgrade: websocket", "Connection: Upgrade", accept];
  socket.write(["HTTP/1.1 101 Switching Protocols", ...fields, "", ""].join("\r\n"));
  send(socket, secondsOf(request));
});
server.listen(9000);

function secondsOf({ url }) {
  return Number(url.split("/").at(-1));
}

function send(stream, seconds) {
  const end = Date.now() + seconds * 1000;
  const timer = setInterval(() => {
    if (stream.destroyed) clearInterval(timer);
    else if (Date.now() < end) stream.write("tick ");
    else {
      clearInterval(timer);
      stream.end("whole");
    }
  }, 100);
}
