import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setUpContainerImages } from "../../../../cli/setup/images/container";
import { setUpGuestImages } from "../../../../cli/setup/images/guest";
import { preloaded, wantedImages } from "../../../../cli/setup/images/recipes";
import { parseConfig } from "../../../../stacks/config";
import { recipes as everyRecipe } from "../../../support/samples";
import { containerImage } from "../../../../infra/images/container";
import { preloadedImages } from "../../../../infra/images/guest-content";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
  machine.program("go", "echo go1.24.4");
});
afterEach(() => {
  machine.remove();
});

const nodes = { manager1: { role: "manager" }, worker1: { role: "worker", labels: { db: "true" } } };
const config = parseConfig({ nodes });
const names = (raw: object) => wantedImages(parseConfig({ nodes, ...raw }), "/cache").map(({ name }) => name);

describe("which images", () => {
  test("the guest image contains the images in its recipe", () => {
    expect(preloaded("/cache")).toEqual(preloadedImages().map((name) => containerImage(name, "/cache", everyRecipe)));
  });

  test("images in the guest image are built once, whatever the configuration", () => {
    expect(names({})).toEqual([...preloadedImages(), "hello"]);
    expect(names({ lamp: {} })).toEqual([...preloadedImages(), "hello", "valkey"]);
  });

  test.each([
    [{ loadbalancer: { implementation: "haproxy" } }, ["haproxy"]],
    [{ visualizer: {} }, ["visualizer"]],
    [{ visualizer: { image: "nginx:1.29" } }, []],
    [{ steward: {} }, ["exporter", "prometheus", "steward"]],
  ])("%j also needs %j", (raw, more) => {
    expect(names(raw).slice(preloadedImages().length + 1)).toEqual(more);
  });

  test("only images with Go code need Go", () => {
    const provider = { issuer: "https://login.example", clientId: "a", clientSecret: "b", emailDomains: ["*"] };
    const balancer = { oidc: provider, routes: { hello: { path: "/", login: "oidc" } } };
    const all = wantedImages(parseConfig({ nodes, steward: {}, loadbalancer: balancer }), "/cache");
    expect(all.filter(({ needsGo }) => needsGo).map(({ name }) => name)).toEqual(["exporter", "oauth2-proxy"]);
  });
});

/** A build that writes what the real one does, as much as is read of it. */
const build = `#!/bin/sh
echo "build $1 $(basename "$BASE") $4" >>"$HOME/built"
mkdir -p "$3"
case $1 in
  base) layers='{"digest":"sha256:base","size":30000000}' ;;
  *) layers='{"digest":"sha256:base","size":30000000},{"digest":"sha256:own","size":1260000}' ;;
esac
echo "{\\"layers\\":[$layers]}" >"$3/manifest.json"
`;

/** Images that were built, and the keys that signed them. */
const built = (): string[] => {
  const file = join(machine.home, "built");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};

function recipes(script = build): void {
  machine.write("images/build", script);
  execFileSync("chmod", ["+x", join(machine.home, "images", "build")]);
}

const fingerprint = "ABCDEF0123456789ABCDEF0123456789ABCDEF01";

function gnupg(): void {
  machine.program(
    "gpg",
    `case "$*" in
      *--list-keys*) printf 'pub:u:255:22:X:1::::u:::scSC::::::23::0:\\nfpr:::::::::${fingerprint}:\\n' ;;
      *--output*) for last; do :; done; echo "public $(cat /proc/sys/kernel/random/uuid)" >"$last" ;;
    esac`,
  );
  machine.program("gpgconf");
}

describe("container images", () => {
  beforeEach(() => {
    recipes();
    gnupg();
  });
  const setUp = () => setUpContainerImages(machine.step(), config);
  const images = () => wantedImages(config, machine.context().folders.cache);

  test("are built on the base and signed with this machine's key once", async () => {
    const count = images().length;
    await expect(setUp()).resolves.toBe(
      `${String(count)} built, 0 unchanged · MB: base 30, ${images().slice(1).map(({ name }) => `${name} 1.3`).join(", ")}`,
    );
    const [base] = images();
    const signing = join(machine.home, ".config", "swarm-farm", "signing");
    // The base comes first; the others at once.
    expect(built()[0]).toMatch(/^build base /);
    const signed = images()
      .slice(1)
      .map(({ name }) => `build ${name} base-${base?.key ?? ""} ${join(tmpdir(), "swarm-farm-signing")}`);
    expect(built().slice(1).map((line) => line.replace(/-\w+$/, "")).sort()).toEqual(signed.sort());
    expect(readFileSync(join(signing, "fingerprint"), "utf8")).toBe(`${fingerprint}\n`);
    expect(statSync(signing).mode & 0o777).toBe(0o700);
    await expect(setUp()).resolves.toContain(`0 built, ${String(count)} unchanged`);
    expect(machine.calls.filter((call) => call.includes("--quick-generate-key"))).toHaveLength(1);
  });

  test("with the signature of another key are built and signed again", async () => {
    await setUp();
    const [image] = images();
    writeFileSync(`${image?.layout ?? ""}.pub`, "another");
    await expect(setUp()).resolves.toMatch(/^1 built/);
  });

  test("are used by a setup that finds them, so that they stay", async () => {
    await setUp();
    const [image] = images();
    const { layout = "" } = image ?? {};
    utimesSync(layout, new Date(0), new Date(0));
    await expect(setUp()).resolves.toMatch(/^0 built/);
    expect(Date.now() - statSync(layout).mtimeMs).toBeLessThan(60_000);
  });

  test("of an earlier recipe, and only those, are removed after the new build once nobody has used them for a week", async () => {
    const folder = join(machine.home, ".cache", "swarm-farm", "images");
    mkdirSync(folder, { recursive: true });
    const old = ["php-0123456789abcdef.pub", "registry-0123456789abcdef.tar.zst"];
    const kept = ["php-fpm-0123456789abcdef.pub", "haproxy-0123456789abcdef.pub", "php-notes"];
    for (const name of [...old, ...kept]) writeFileSync(join(folder, name), "");
    const days = (count: number) => new Date(Date.now() - count * 24 * 3600 * 1000);
    for (const [name, age] of [
      ["php-0123456789abcdef", 8],
      // That of another clone, which may build a farm from it now.
      ["php-fedcba9876543210", 6],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, `${name}.pub`), "");
      utimesSync(join(folder, name), days(age), days(age));
    }
    await setUp();
    const left = readdirSync(folder);
    expect(left).toEqual(expect.arrayContaining(kept));
    expect(left.filter((name) => name.startsWith("php-0") || old.includes(name))).toEqual([]);
    expect(left).toEqual(expect.arrayContaining(["php-fedcba9876543210", "php-fedcba9876543210.pub"]));
    expect(left).toContain(images().find(({ name }) => name === "php")?.layout.split("/").at(-1));
  });

  test("are built as many at once as there are processors", async () => {
    // Each waits for as many as may be at work, and the base for none.
    recipes(`${build}
      [ "$1" = base ] && exit
      echo "$1" >>"$HOME/begun"
      for _ in $(seq 50); do
        [ "$(wc -l <"$HOME/begun")" -ge ${String(Math.min(availableParallelism(), images().length - 1))} ] && exit
        sleep 0.1
      done
      echo "built alone" >&2; exit 1`);
    await expect(setUp()).resolves.toContain(" built, 0 unchanged");
  });

  test("that fail to build fail the step, and are built again by the next run", async () => {
    recipes("#!/bin/sh\necho 'no network' >&2\nexit 1\n");
    await expect(setUp()).rejects.toThrow("build ended with 1: no network");
    recipes();
    await expect(setUp()).resolves.toMatch(/ 0 unchanged/);
  });
});

describe("guest images", () => {
  beforeEach(() => {
    machine.write(
      "images/guest/build.sh",
      `#!/bin/sh
echo "$@" >>"$HOME/built"
mkdir -p "$1" && echo '{"os":"debian 13.2"}' >"$1/manifest.json" && head -c 2000000 /dev/zero >"$1/disk.qcow2"
`,
    );
    execFileSync("chmod", ["+x", join(machine.home, "images", "guest", "build.sh")]);
  });
  const setUp = (raw: object = {}) => setUpGuestImages(machine.step(), parseConfig({ nodes, ...raw }));

  test("are built once with their container images", async () => {
    await expect(setUp()).resolves.toMatch(/^debian 13\.2 [0-9a-f]{6} · 2 MB$/);
    await setUp();
    expect(built()).toHaveLength(1);
    const { cache } = machine.context().folders;
    expect(built()[0]?.split(" ").slice(1)).toEqual(preloaded(cache).map(({ layout }) => layout));
  });

  test("are built in each version that a node requests", async () => {
    const worker = { role: "worker", image: { kind: "farm", version: "2026-11" } };
    const note = await setUp({ nodes: { ...nodes, worker2: worker, worker3: worker } });
    expect(note).toMatch(/^debian 13\.2 [0-9a-f]{6} · 2 MB, debian 13\.2 [0-9a-f]{6}-2026-11 · 2 MB$/);
    expect(built()).toHaveLength(2);
  });

  test("are not built if every node has an image from the configuration", async () => {
    const image = { kind: "cloud", source: "/images/debian.qcow2", sha256: "0".repeat(64) };
    await expect(setUp({ image })).resolves.toBe("the configuration's own");
    expect(built()).toEqual([]);
  });
});
