import { readdirSync } from "node:fs";
import { join } from "node:path";
import { repositoriesOf } from "../../../stacks/backups/repositories";
import { Sftp, sftpFiles } from "../../../stacks/backups/sftp";
import { BackedUpNode, canBackUp } from "../../support/backed-up-node";
import { canServeSftp, SftpServer, sshKeyPair } from "../../support/sftp-server";

const { privateKey, publicKey: hostKey } = sshKeyPair();
const required = { host: "backup.example.com", user: "backup", hostKey, privateKey };

test("host, user, host key and private key are enough", () => {
  expect(Sftp.parse(required)).toEqual({ ...required, port: 22 });
});

test.each([
  ["hostKey", undefined, "expected string"],
  ["hostKey", `backup.example.com ${hostKey}`, "without a name"],
  ["hostKey", hostKey.replace("ssh-ed25519", "ssh-rsa"), "must be whole"],
  ["hostKey", `ssh-ed25519 ${"A".repeat(68)}`, "must be whole"],
  ["privateKey", hostKey, "must be a private key of OpenSSH without a passphrase"],
  ["privateKey", sshKeyPair("-N", "a passphrase").privateKey, "without a passphrase"],
  ["privateKey", privateKey.replace("OPENSSH", "RSA"), "must be a private key of OpenSSH"],
  ["host", "-oProxyCommand=reboot", "host name"],
  ["host", "backup.example.com:22", "host name"],
  ["user", "-l", "name of a user"],
  ["path", "../other", "must be a folder"],
  ["path", "/srv/a b", "must be a folder"],
  ["port", 0, ""],
])("%s as %j is refused", (key, value, message) => {
  const issues = Sftp.safeParse({ ...required, [key]: value }).error?.issues ?? [];
  expect(issues.map(({ path }) => path.join("."))).toEqual([key]);
  expect(issues[0]?.message).toContain(message);
});

test.each([
  ["-t", "ecdsa"],
  ["-t", "rsa", "-b", "2048"],
  ["-t", "ed25519"],
])("%s %s is a type of both keys", (...of) => {
  const pair = sshKeyPair(...of);
  expect(() => Sftp.parse({ ...required, hostKey: pair.publicKey, privateKey: pair.privateKey })).not.toThrow();
});

test("repositories are below the farm's name in the user's folder, or where the path says", () => {
  expect(repositoriesOf({ sftp: { ...required, port: 22 } }, "dev")).toBe("sftp:target:dev");
  expect(repositoriesOf({ sftp: { ...required, port: 22, path: "/srv/a" } }, "dev")).toBe("sftp:target:/srv/a");
});

test("the client asks nobody, trusts the host key alone, and ends where the server says nothing", () => {
  const [config, known] = sftpFiles({ ...required, port: 2222 });
  expect(known).toEqual({ path: "/etc/sftp/known_hosts", content: `target ${hostKey}\n` });
  expect(config?.content.split("\n").map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      "HostName backup.example.com",
      "Port 2222",
      "User backup",
      "BatchMode yes",
      "IdentityAgent none",
      "IdentitiesOnly yes",
      "StrictHostKeyChecking yes",
      "ServerAliveInterval 15",
    ]),
  );
});

(canBackUp && canServeSftp ? describe : describe.skip)("a run to an SFTP server", () => {
  let server: SftpServer;
  let node: BackedUpNode;

  beforeAll(async () => {
    server = await SftpServer.start();
    node = new BackedUpNode();
    node.backUpTo(server.settings);
  });

  afterAll(async () => {
    node.remove();
    await server.stop();
  });

  test("makes a repository of the node there, lists it, and goes on with it", () => {
    expect(node.call("run")).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(join(server.files, "farm", "worker1"))).toContain("config");
    expect(node.call("run").status).toBe(0);
    expect(node.snapshots().map(({ tags }) => tags)).toContainEqual(["volume:uploads"]);
  });

  test("can be restored, on another node too", () => {
    const id = node.last("volume:uploads");
    node.write("volumes/uploads/_data/letters/a.txt", "another letter\n");
    expect(node.call("restore", id)).toMatchObject({ status: 0 });
    expect(node.read("volumes/uploads/_data/letters/a.txt")).toBe("a letter\n");
    const other = new BackedUpNode({ node: "worker2" });
    other.backUpTo(server.settings);
    other.write("volumes/uploads/_data/letters/a.txt", "a third letter\n");
    expect(other.call("restore", id, "worker1").status).toBe(0);
    expect(other.read("volumes/uploads/_data/letters/a.txt")).toBe("a letter\n");
    other.remove();
  });

  /** The failure of a run with other settings, which must change nothing. */
  const refused = (changes: object) => {
    const before = node.snapshots().length;
    node.backUpTo({ ...server.settings, ...changes });
    expect(node.call("run").status).toBe(1);
    const { failure } = node.status();
    node.backUpTo(server.settings);
    expect(node.snapshots()).toHaveLength(before);
    return failure;
  };

  test("with another host key does not log in", () => {
    expect(refused({ hostKey })).toBe(
      "the target cannot be read: the SFTP server has another host key than backups.to.sftp.hostKey: set the new one if the server is, else somebody answers in its place",
    );
  });

  test("with a private key that the server does not know says so", () => {
    expect(refused({ privateKey })).toContain("the SFTP server refuses the private key");
  });

  test("where the server or its name is away says so, and makes no repository elsewhere", async () => {
    await server.end();
    expect(node.call("run").status).toBe(1);
    expect(node.status().failure).toMatch(/^the target cannot be read: the SFTP server does not answer: .*refused/);
    node.backUpTo({ ...server.settings, host: "backup.invalid" });
    node.call("run");
    expect(node.status().failure).toContain("the SFTP server does not answer: ");
    node.backUpTo(server.settings);
    await server.listen();
    expect(node.call("run").status).toBe(0);
  });
});
