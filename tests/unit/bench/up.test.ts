import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makefile, writeScript } from "../../../bench/up/makefile";
import { exportedResources } from "../../../bench/exported";
import { stepsOf, type Recorded } from "../../../bench/up/steps";
import { repository } from "../../support/program";

const urn = (name: string, type: string) => `urn:pulumi:bench::swarm-farm::${type}::${name}`;

const recorded: Recorded = {
  state: "/state",
  seeds: "/state.kept",
  xml: new Map([[urn("pool", "libvirt:index/pool:Pool"), "<pool/>"]]),
  bodies: new Map([["n".repeat(25), '{"Name":"web"}']]),
  registryAuth: "login",
};

interface Listed {
  readonly type?: string;
  readonly id?: string;
  readonly after?: readonly string[];
  readonly provider?: string;
  readonly inputs?: object;
  readonly stdout?: string;
}

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

/** The steps of a stack with these resources in this order. */
function steps(listed: Readonly<Record<string, Listed>>) {
  const types = Object.fromEntries(
    Object.entries(listed).map(([name, { type = "command:local:Command" }]) => [name, type]),
  );
  const resources = Object.entries(listed).map(([name, { id, after = [], provider, inputs = {}, stdout }]) => ({
    urn: urn(name, types[name] ?? ""),
    type: types[name],
    custom: true,
    id,
    dependencies: after.map((other) => urn(other, types[other] ?? "")),
    ...(provider === undefined ? {} : { provider: `${urn(provider, types[provider] ?? "")}::id` }),
    inputs,
    outputs: { stdout },
  }));
  return stepsOf(exportedResources(JSON.stringify({ deployment: { resources } })), recorded);
}

const named = (all: ReturnType<typeof steps>, name: string) => all.find((step) => step.name === name);

test("a command is its script with its variables and its input, also where they are secret", () => {
  const [step] = steps({
    key: { inputs: { create: secret("echo $A"), environment: { A: secret("it's") }, stdin: secret("x") } },
  });
  expect(step).toEqual({
    name: "key",
    after: [],
    script: "export A='it'\\''s'\necho $A",
    stdin: "x",
    identity: undefined,
  });
});

test("what has no step hands on what it waits for", () => {
  const all = steps({
    init: { inputs: { create: "a" } },
    docker: { type: "pulumi:providers:docker", after: ["init"] },
    component: { type: "swarm-farm:swarm:Swarm", after: ["init"] },
    web: { type: "docker:index/network:Network", id: "n".repeat(25), provider: "docker", after: ["component"] },
  });
  expect(all.map(({ name, after }) => [name, after])).toEqual([
    ["init", []],
    ["web", ["init"]],
  ]);
  expect(named(all, "web")).toMatchObject({ stdin: 'login\n{"Name":"web"}', identity: "n".repeat(25) });
  expect(named(all, "web")?.script).toMatch(/^ssh -F \/state\/ssh\/config any\.manager .*\/v1\.45\/networks\/create/s);
});

test("VMs are made by virsh and qemu-img, and commands on nodes by ssh", () => {
  const all = steps({
    pool: { type: "libvirt:index/pool:Pool", inputs: { name: "farm" } },
    base: { type: "libvirt:index/volume:Volume", id: "/p/base", inputs: { source: "/cache/base", format: "qcow2" } },
    disk: { type: "libvirt:index/volume:Volume", id: "/p/disk", inputs: { baseVolumeId: "/p/base", size: 1024 } },
    seed: { type: "libvirt:index/cloudinitDisk:CloudinitDisk", id: "/p/seed.iso;1", inputs: { name: "seed.iso" } },
    trust: {
      type: "command:remote:Command",
      inputs: { create: "cat >a", stdin: "b", connection: { host: "10.0.0.1" } },
    },
    load: {
      type: "command:remote:CopyToRemote",
      inputs: { source: { path: "/cache/image" }, remotePath: "/tmp/image", connection: { host: "10.0.0.1" } },
    },
  });
  expect(Object.fromEntries(all.map(({ name, script }) => [name, script.split("\n").at(-1)]))).toEqual({
    pool: "virsh -q pool-autostart farm",
    base: "cp /cache/base /p/base",
    disk: "qemu-img create -q -f qcow2 -b /p/base -F qcow2 /p/disk 1024",
    seed: "cp /state.kept/seed.iso /p/seed.iso",
    trust: "exec ssh -F /state/ssh/config 10.0.0.1 'cat >a'",
    load: "exec scp -q -r -F /state/ssh/config /cache/image 10.0.0.1:/tmp/image",
  });
  expect(named(all, "trust")?.stdin).toBe("b");
});

test("a rule waits for its steps", () => {
  expect(makefile(steps({ a: { inputs: { create: "x" } }, b: { inputs: { create: "y" }, after: ["a"] } }))).toBe(
    ".PHONY: all a b\nall: a b\na:\n\t@bash $(STEP) a\nb: a\n\t@bash $(STEP) b\n",
  );
});

describe("the script", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bench-up-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const make = (listed: Readonly<Record<string, Listed>>) => {
    writeScript(folder, steps(listed));
    const step = join(repository, "bench", "up", "step.sh");
    execFileSync("make", ["-j8", "--no-print-directory", "-C", folder, `STEP=${step}`], {
      env: { ...process.env, REPOSITORY: repository },
      stdio: "pipe",
    });
  };

  test("runs in the order of the resources, with the identities of its own run", () => {
    make({
      init: { inputs: { create: "sleep 0.2; echo SWMTKN-1-new" }, stdout: "SWMTKN-1-old" },
      join: { after: ["init"], inputs: { create: "cat; pwd", stdin: "token SWMTKN-1-old\n" } },
    });
    expect(readFileSync(join(folder, "out", "join"), "utf8")).toBe(`token SWMTKN-1-new\n${repository}\n`);
    expect(readFileSync(join(folder, "times", "join"), "utf8")).toMatch(/^join \d+\.\d+ \d+\.\d+\n$/);
  });

  test("ends with the step that failed, and its last words", () => {
    expect(() => {
      make({ init: { inputs: { create: "echo no room >&2; exit 3" } } });
    }).toThrow(/step init failed:\nno room\n/);
  });
});
