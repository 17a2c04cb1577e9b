import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { repository } from "../../../infra/images/content";
import { valkey } from "../../support/nginx";

const program = process.env.FARM_VALKEY ?? valkey;
const available = program === undefined ? test.skip : test;
const image = join(repository, "stacks", "lamp", "images", "valkey");
const folder = mkdtempSync(join(tmpdir(), "valkey-"));
const socket = join(folder, "socket");
let server: ChildProcess | undefined;

/** Starts it as the image does; only its port is a socket here. */
async function start(): Promise<string> {
  const config = readFileSync(join(image, "valkey.conf"), "utf8").replace("port 6379", `port 0\nunixsocket ${socket}`);
  writeFileSync(join(folder, "valkey.conf"), config);
  const child = spawn(program ?? "", [join(folder, "valkey.conf"), "--maxmemory", "4mb"], { cwd: folder });
  server = child;
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (log += data.toString()));
  while (!log.includes("Ready to accept") && child.exitCode === null) await pause(50);
  return log;
}

/** The answers to commands, each in a line. */
async function ask(...commands: readonly string[]): Promise<string> {
  const client = connect(socket);
  client.write(`${[...commands, "QUIT"].join("\r\n")}\r\n`);
  let answer = "";
  for await (const data of client) answer += String(data);
  return answer;
}

afterEach(async () => {
  const child = server;
  server = undefined;
  if (child?.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await ended;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

available("keeps sessions for their time, gives no way to its files, and leaves none when it ends", async () => {
  const files = () => readdirSync(folder).filter((name) => name !== "socket" && name !== "valkey.conf");
  const before = files();
  await start();
  expect(await ask("SET session:a 1 EX 60", "GET session:a", "TTL session:a")).toBe("+OK\r\n$1\r\n1\r\n:60\r\n+OK\r\n");
  const ways = ["DEBUG RELOAD", "MODULE LOAD /tmp/x.so", "CONFIG SET dir /tmp"];
  expect(await ask(...ways)).toMatch(/^-ERR.*\r\n-ERR.*\r\n-ERR.*\r\n\+OK/);
  server?.kill("SIGTERM");
  await new Promise((resolve) => server?.once("close", resolve));
  expect(files()).toEqual(before);
});

available("a full store takes new sessions, and drops those that nobody used", async () => {
  await start();
  const used = "GET session:used";
  const value = "x".repeat(2000);
  const idle = Array.from({ length: 100 }, (_, i) => `session:idle-${String(i)}`);
  await ask(...["session:used", ...idle].map((key) => `SET ${key} ${value} EX 60`));
  for (let round = 0; round < 9; round++) {
    // The last use is counted in seconds.
    await pause(1100);
    const set = Array.from({ length: 200 }, (_, i) => `SET session:${String(round)}-${String(i)} ${value} EX 60`);
    const answers = (await ask(used, ...set)).split("\r\n").filter((line) => line.startsWith("-"));
    expect(answers).toEqual([]);
  }
  const [length, left = ""] = (await ask("STRLEN session:used", `EXISTS ${idle.join(" ")}`)).split("\r\n");
  expect(length).toBe(":2000");
  // valkey looks at five keys at a time, so that single ones are overlooked.
  expect(Number(left.slice(1))).toBeLessThan(50);
});
