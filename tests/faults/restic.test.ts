import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackedUpNode, canBackUp } from "../support/backed-up-node";
import { canServeSftp, SftpServer } from "../support/sftp-server";

/** restic tries again for up to 15 minutes where a server is lost in the middle of a run. */
jest.setTimeout(20 * 60_000);

const onMachine = canBackUp ? describe : describe.skip;

/** Bytes below a folder. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

/** The file of the repository with the most data. */
function largestPack(folder: string): string {
  const files = readdirSync(join(folder, "data"), { recursive: true, withFileTypes: true });
  const packs = files.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return packs.sort((one, other) => statSync(other).size - statSync(one).size)[0] ?? "";
}

onMachine("a run of a node's backups, where something goes wrong", () => {
  let node: BackedUpNode;

  beforeEach(() => {
    node = new BackedUpNode();
  });

  afterEach(() => {
    node.remove();
  });

  test("of a volume of which 1 % changed writes about as much", () => {
    node.write("volumes/uploads/_data/large", randomBytes(32 * 1024 ** 2));
    node.call("run");
    const before = sizeOf(node.target);
    const large = node.path("volumes/uploads/_data/large");
    const changed = randomBytes(32 * 1024 * 10);
    const file = Buffer.concat([changed, readFileSync(large).subarray(changed.length)]);
    writeFileSync(large, file);
    expect(node.call("run").status).toBe(0);
    const grown = sizeOf(node.target) - before;
    // A chunk of restic has 0.5 to 8 MiB, and a change touches two of them at most.
    expect(grown).toBeLessThan(0.3 * before);
  });

  test("that is cut off leaves what was there, and the next one goes on", async () => {
    node.call("run");
    node.write("volumes/uploads/_data/large", randomBytes(64 * 1024 ** 2));
    const child = node.start("run");
    const before = sizeOf(node.target);
    while (sizeOf(node.target) < before + 4 * 1024 ** 2 && child.exitCode === null) await new Promise(setImmediate);
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    expect(node.snapshots()).toHaveLength(2);
    expect(node.call("run")).toMatchObject({ status: 0 });
    expect(node.snapshots().length).toBeGreaterThanOrEqual(2);
  });

  test("finds an object that the target has lost or damaged", () => {
    node.write("volumes/uploads/_data/large", randomBytes(4 * 1024 ** 2));
    node.call("run");
    const pack = largestPack(join(node.target, "worker1"));
    truncateSync(pack, 1000);
    expect(node.call("run").status).toBe(1);
    expect(node.status().failure).toContain("the repository is damaged, and backups in it may be lost");
    rmSync(pack);
    node.call("run");
    expect(node.status().failure).toContain("the repository is damaged");
  });

  test("on a full target says so, and goes on once there is room", () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", node.target]);
    try {
      node.call("run");
      node.write("volumes/uploads/_data/large", randomBytes(4 * 1024 ** 2));
      expect(node.call("run").status).toBe(1);
      expect(node.status().failure).toContain("volume uploads: the target is full: make room, or keep fewer snapshots");
      execFileSync("mount", ["-o", "remount,size=64m", node.target]);
      expect(node.call("run")).toMatchObject({ status: 0 });
    } finally {
      execFileSync("umount", [node.target]);
    }
  });

  test("beside another one does nothing", async () => {
    node.write("volumes/uploads/_data/large", randomBytes(32 * 1024 ** 2));
    const child = node.start("run");
    while (!node.has("target/worker1/config") && child.exitCode === null) await new Promise(setImmediate);
    const ended = new Promise((resolve) => child.once("close", resolve));
    expect(node.call("run")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("another run of the backups of worker1 is under way"),
    });
    await expect(ended).resolves.toBe(0);
  });

  test("keeps the last one of each day", () => {
    node.call("run");
    node.write("database", "two orders\n");
    node.call("run");
    expect(node.snapshots()).toHaveLength(2);
  });
});

(canBackUp && canServeSftp ? describe : describe.skip)("a run to an SFTP server, where something goes wrong", () => {
  let server: SftpServer;
  let node: BackedUpNode;

  beforeEach(async () => {
    server = await SftpServer.start();
    node = new BackedUpNode();
    node.backUpTo(server.settings, { alive: 2 });
  });

  afterEach(async () => {
    node.remove();
    await server.stop();
  });

  test("on a full disk there says so, and goes on once there is room", () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", server.files]);
    try {
      node.call("run");
      node.write("volumes/uploads/_data/large", randomBytes(4 * 1024 ** 2));
      expect(node.call("run").status).toBe(1);
      // Which of both depends on restic's version.
      expect(node.status().failure).toMatch(/volume uploads: (the target is full|the SFTP server refuses to write: )/);
      execFileSync("mount", ["-o", "remount,size=64m", server.files]);
      expect(node.call("run")).toMatchObject({ status: 0 });
    } finally {
      execFileSync("umount", [server.files]);
    }
  });

  test("that no longer answers ends, with the server that went away as its reason", async () => {
    node.call("run");
    node.write("volumes/uploads/_data/large", randomBytes(64 * 1024 ** 2));
    const child = node.start("run");
    const before = sizeOf(server.files);
    while (sizeOf(server.files) < before + 4 * 1024 ** 2 && child.exitCode === null) await new Promise(setImmediate);
    server.hang();
    const began = Date.now();
    await expect(new Promise((resolve) => child.once("close", resolve))).resolves.toBe(1);
    process.stdout.write(`the run ended ${String(Math.round((Date.now() - began) / 1000))} s after the server hung\n`);
    expect(node.status().failure).toContain("the SFTP server does not answer: ");
    await server.end();
    await server.listen();
    expect(node.call("run")).toMatchObject({ status: 0 });
  });
});
