/**
 * Two clients of `examples/websocket`: `node talk.ts URL`. One sends a message as soon as both have a number; prints the numbers
 * that the other one gets.
 */
const [url = ""] = process.argv.slice(2);

/** Longer than a slow node takes to open a connection and to answer. */
const timeoutMs = 60_000;

function fail(why: string): never {
  console.error(`talk: ${why}`);
  process.exit(1);
}

/** The next message of a connection. */
async function message(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.addEventListener(
      "message",
      ({ data }) => {
        resolve(String(data));
      },
      { once: true },
    );
  });
}

async function main(): Promise<void> {
  const sockets = [new WebSocket(url), new WebSocket(url)] as const;
  for (const socket of sockets) socket.addEventListener("error", () => fail(`'${url}' is no WebSocket that answers`));
  const deadline = setTimeout(() => fail(`no number in ${timeoutMs / 1000} s`), timeoutMs);
  const [listens, speaks] = sockets;
  const [before] = await Promise.all(sockets.map(message));
  const next = message(listens);
  speaks.send("+");
  console.log(`${before} ${await next}`);
  clearTimeout(deadline);
  for (const socket of sockets) socket.close();
}

void main();
