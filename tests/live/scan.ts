/**
 * Which TCP ports accept connections: `node scan.ts FROM-TO,FROM-TO… ADDRESS…` prints a list for each address as JSON. Few connections
 * at once: emulated nodes need their time for each other.
 */
import { connect } from "node:net";

const [ranges = "", ...addresses] = process.argv.slice(2);
const atOnce = 16;

/** The first is for a refusal, which takes milliseconds; the second for a node that is busy. */
const timeoutsMs = [1000, 8000];

async function isOpen(host: string, port: number): Promise<boolean> {
  for (const timeout of timeoutsMs) {
    const answer = await new Promise<boolean | undefined>((resolve) => {
      const socket = connect({ host, port });
      const end = (result?: boolean) => {
        socket.destroy();
        resolve(result);
      };
      socket.setTimeout(timeout, end);
      socket.on("connect", () => {
        end(true);
      });
      socket.on("error", () => {
        end(false);
      });
    });
    if (answer !== undefined) return answer;
  }
  return false;
}

async function scan(host: string): Promise<number[]> {
  const ports = ranges.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
  const open: number[] = [];
  const worker = async () => {
    for (let port = ports.pop(); port !== undefined; port = ports.pop()) if (await isOpen(host, port)) open.push(port);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return open.sort((a, b) => a - b);
}

async function main(): Promise<void> {
  console.log(JSON.stringify(await Promise.all(addresses.map(scan))));
}

void main();
