import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { repository, type TestFarm } from "../farm";

/** A shorter text could stand anywhere by chance. */
const shortest = 20;

/** Searches for every secret of the Pulumi stack in all files, outputs and objects. */
export function secretsTest(farm: TestFarm, shown: () => string, nodes: readonly string[]): void {
  const secretsOfFarm = async () => {
    const secrets = secretsOf((await farm.withEnv("pulumi stack export --show-secrets")).stdout);
    // At least the login key, a host key for each node, the authority, the registry and its password, and a token.
    expect(secrets.length).toBeGreaterThan(2 * (nodes.length + 3));
    return secrets;
  };

  test("the archive for a bug report has every part, and no secret", async () => {
    const folder = join(farm.home, "support");
    mkdirSync(folder);
    const archive = join(folder, "report.tar.gz");
    const { output } = await farm.ok(["support", archive]);
    execFileSync("tar", ["-xzf", archive, "-C", folder]);
    rmSync(archive);
    expect(readFileSync(join(folder, "report", "report.txt"), "utf8")).not.toMatch(/^failed/m);
    expect(output).toMatch(/✓ support +\d+ files +\d/);
    const files = filesBelow(folder);
    const text = files.map((file) => readFileSync(file, "latin1")).join("\n");
    for (const node of nodes) expect(files.join("\n")).toContain(node);
    expect(
      (await secretsOfFarm()).filter((secret) => text.includes(secret)).map((secret) => secret.slice(0, 4)),
    ).toEqual([]);
  });

  test("no password, key or token is found where it does not belong", async () => {
    const secrets = await secretsOfFarm();
    const found: string[] = [];
    const search = (where: string, text: string) => {
      const hit = secrets.find((secret) => text.includes(secret));
      if (hit !== undefined) found.push(`${where} has one that begins with ${hit.slice(0, 4)}`);
    };

    search("the output of up", shown());
    for (const file of filesBelow(join(farm.home, "s", "swarm-farm", "pulumi")))
      search(file, readFileSync(file, "utf8"));
    for (const file of execFileSync("git", ["ls-files"], { cwd: repository, encoding: "utf8" })
      .split("\n")
      .filter(Boolean))
      search(file, readFileSync(join(repository, file), "latin1"));
    expect(statSync(join(farm.home, "c", "swarm-farm", "passphrase")).mode & 0o777).toBe(0o600);
    const outputs = await Promise.all(nodes.map((node) => farm.ok(["ssh", node, everything])));
    for (const [i, { stdout }] of outputs.entries()) {
      expect(stdout).toContain('"CreatedBy":');
      search(`a node, ${nodes[i] ?? ""}`, stdout);
    }
    expect(found).toEqual([]);
  });
}

/**
 * A node's objects, the environment of its processes, and the logs of its containers. Docker's client costs an emulated node a second for
 * each call, so that it is not called for every image and container.
 */
const everything = `
objects() { kind=$1; shift; ids=$("$@"); [ -z "$ids" ] || docker $kind inspect $ids; }
objects container docker ps -aq
objects image docker image ls -q
objects network docker network ls -q
objects volume docker volume ls -q
if docker node ls >/dev/null 2>&1; then
  for kind in service config secret node; do objects $kind docker $kind ls -q; done
  docker config inspect $(docker config ls -q) -f '{{json .Spec.Data}}' | tr -d '"' | while read -r data; do echo "$data" | base64 -d; done
fi
ask() { curl -fsS --unix-socket /run/docker.sock "http://docker/$1"; }
for image in $(docker image ls -q); do ask "images/$image/history"; done
for container in $(docker ps -aq); do ask "containers/$container/logs?stdout=1&stderr=1&tail=500"; done
cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'
`;

/** The secrets of an exported stack: lines of private keys, join tokens, passwords and their hashes. */
export function secretsOf(exported: string): string[] {
  const texts = [...exported.matchAll(/"plaintext": ?("(?:[^"\\]|\\.)*")/g)].map(([, json]) =>
    unescaped(unquoted(json)),
  );
  const found = texts.flatMap((text) => [
    ...[...text.matchAll(/-----BEGIN ([A-Z ]*)PRIVATE KEY-----\s([\s\S]*?)-----END/g)].flatMap(([, kind, body = ""]) =>
      // The first two lines of an OpenSSH key are the same for all, or public.
      body.split("\n").slice(kind === "OPENSSH " ? 2 : 0),
    ),
    ...(text.match(/SWMTKN-[\w-]+/g) ?? []),
    ...(text.match(/\$(?:2y|5)\$[^\s"]+/g) ?? []),
    ...[...text.matchAll(/"password": ?"([^"]+)"/g)].map(([, password = ""]) => password),
    ...(/^"?([\w-]{24})"?$/.exec(text)?.slice(1) ?? []),
  ]);
  return [...new Set(found.map((text) => text.trim()))].filter((text) => text.length >= shortest);
}

function unquoted(json = '""'): string {
  return String(JSON.parse(json));
}

/** Values are kept as JSON, some of them as JSON within JSON. */
function unescaped(text: string): string {
  return text.replaceAll("\\\\", "\\").replaceAll("\\n", "\n").replaceAll('\\"', '"');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
