import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
const secret = join(folder, "sessions.conf");
const socket = join(folder, "socket");
const login = "AUTH a-Password_1";
let server: ChildProcess | undefined;

/** Starts it as the image does; only its port is a socket here, and its secret is elsewhere. */
async function start(): Promise<string> {
  const config = readFileSync(join(image, "valkey.conf"), "utf8")
    .replace("/run/secrets/sessions.conf", secret)
    .replace("port 6379", `port 0\nunixsocket ${socket}`);
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

available("without its secret it does not start", async () => {
  rmSync(secret, { force: true });
  expect(await start()).not.toContain("Ready to accept");
  expect(server?.exitCode).not.toBe(0);
});

available("answers to the password alone, and leaves no file when it ends", async () => {
  writeFileSync(secret, "requirepass a-Password_1\n");
  const before = readdirSync(folder);
  await start();
  expect(await ask("PING", "GET x")).toMatch(/^-NOAUTH.*\r\n-NOAUTH/);
  expect(await ask("AUTH wrong")).toMatch(/^-WRONGPASS/);
  expect(await ask(login, "SET session:a 1 EX 60", "GET session:a", "TTL session:a")).toBe(
    "+OK\r\n+OK\r\n$1\r\n1\r\n:60\r\n+OK\r\n",
  );
  expect(await ask(login, "DEBUG RELOAD", "MODULE LOAD /tmp/x.so")).toMatch(/^\+OK\r\n-ERR.*\r\n-ERR/);
  server?.kill("SIGTERM");
  await new Promise((resolve) => server?.once("close", resolve));
  expect(readdirSync(folder).filter((name) => name !== "socket" && name !== "valkey.conf")).toEqual(
    before.filter((name) => name !== "socket" && name !== "valkey.conf"),
  );
});

available("a full store takes new sessions, and drops those that nobody used", async () => {
  await start();
  const used = "GET session:used";
  const value = "x".repeat(2000);
  const idle = Array.from({ length: 100 }, (_, i) => `session:idle-${String(i)}`);
  await ask(login, ...["session:used", ...idle].map((key) => `SET ${key} ${value} EX 60`));
  for (let round = 0; round < 9; round++) {
    // The last use is counted in seconds.
    await pause(1100);
    const set = Array.from({ length: 200 }, (_, i) => `SET session:${String(round)}-${String(i)} ${value} EX 60`);
    const answers = (await ask(login, used, ...set)).split("\r\n").filter((line) => line.startsWith("-"));
    expect(answers).toEqual([]);
  }
  const [, length, left = ""] = (await ask(login, "STRLEN session:used", `EXISTS ${idle.join(" ")}`)).split("\r\n");
  expect(length).toBe(":2000");
  // valkey looks at five keys at a time, so that single ones are overlooked.
  expect(Number(left.slice(1))).toBeLessThan(50);
});

test("the health check asks with the password, which no command line has", () => {
  writeFileSync(secret, "requirepass a-Password_1\n");
  const tool = join(folder, "valkey-cli");
  writeFileSync(tool, '#!/bin/sh\necho "$REDISCLI_AUTH $*"\n');
  chmodSync(tool, 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH ?? ""}`, VALKEY_PASSWORD_FILE: secret };
  expect(execFileSync(join(image, "valkey-ping"), { env, encoding: "utf8" })).toBe("a-Password_1 -e ping\n");
});
