import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { sweepSwarm } from "../../cli/engine/steps/swarm-orphans";
import { scriptsIn } from "../../infra/remote/script";
import { find, record, valueOf, type Registered } from "../support/mocks";
import { PackedExample } from "../support/packed-example";
import { repository } from "../support/program";
import { FakeFarm } from "../support/fake-farm";

let example: PackedExample;
beforeAll(() => {
  example = new PackedExample();
});
afterAll(() => {
  example.end();
});

/** Runs the example's program as a preview would. */
async function preview(config: Readonly<Record<string, string>>) {
  const all = Object.entries(config).map(([key, value]) => [`own-program:${key}`, value]);
  pulumi.runtime.setAllConfig(Object.fromEntries(all) as Record<string, string>);
  let outputs: Readonly<Record<string, unknown>> = {};
  const resources = await record(
    () => {
      jest.isolateModules(() => {
        // The engine that the test has made: another copy of the SDK would have none.
        jest.doMock("@pulumi/pulumi", () => pulumi);
        outputs = jest.requireActual<typeof outputs>(join(example.folder, "index.ts"));
      });
    },
    { project: "own-program", stack: "dev" },
  );
  return { resources, tasks: await valueOf(outputs.tasks) };
}

const built = { builtImage: "/cache/guest/0123456789abcdef" };
const there = { swarm: "ssh://root@10.0.0.5", network: "traefik" };
const typesOf = (resources: readonly Registered[]) => new Set(resources.map(({ type }) => type));

describe("the package", () => {
  test("has every file that its modules read, and nothing of the command line, the stacks or the tests", () => {
    const folders = new Set(example.packed.map((path) => path.split("/").slice(0, 2).join("/")));
    expect([...folders].sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist",
      "dist/compose",
      "dist/images",
      "dist/infra",
      "dist/sdks",
      "docs",
      "docs/how-to",
      "package.json",
    ]);
    const scripts = example.packed.filter((path) => path.endsWith("/scripts.js"));
    expect(scripts.length).toBeGreaterThan(4);
    for (const path of scripts) {
      const { scripts: declared } = jest.requireActual<{ scripts: ReturnType<typeof scriptsIn> }>(
        join(example.folder, "node_modules/swarm-farm", path),
      );
      const missing = Object.keys(declared.variables).filter((file) => !existsSync(join(declared.folder, file)));
      expect([path, missing]).toEqual([path, []]);
    }
  });

  test("asks npm for no package that no registry has", () => {
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(example.folder, "node_modules/swarm-farm/package.json"), "utf8"),
    ) as Record<string, Record<string, string>>;
    expect({ ...dependencies, ...peerDependencies }).toEqual({
      "@balena/dockerignore": expect.stringMatching(/^\d/),
      "@pulumi/command": expect.stringMatching(/^\^\d/),
      "@pulumi/docker": expect.stringMatching(/^\^\d/),
      "@pulumi/pulumi": expect.stringMatching(/^\^\d/),
      croner: expect.stringMatching(/^\d/),
      yaml: expect.stringMatching(/^\d/),
      zod: expect.stringMatching(/^\d/),
    });
  });

  test("names its plugin of libvirt where Pulumi looks for plugins, and its modules import that SDK", () => {
    const at = (path: string) => readFileSync(join(example.folder, "node_modules/swarm-farm/dist", path), "utf8");
    const sdk = JSON.parse(readFileSync(join(repository, "sdks/libvirt/package.json"), "utf8")) as object;
    expect(sdk).toMatchObject({ pulumi: (JSON.parse(at("sdks/libvirt/package.json")) as { pulumi: object }).pulumi });
    const compiled = example.packed.filter((path) => /infra\/.*\.(js|d\.ts)$/.test(path));
    expect(compiled.filter((path) => at(path.replace("dist/", "")).includes('"@pulumi/libvirt"'))).toEqual([]);
  });

  test("reads no environment", () => {
    const readers = example.packed
      .filter((path) => path.startsWith("dist/infra/") && path.endsWith(".js"))
      .filter((path) =>
        readFileSync(join(example.folder, "node_modules/swarm-farm", path), "utf8").includes("process.env"),
      );
    expect(readers).toEqual([]);
  });
});

describe("the example", () => {
  test("has the types of the package", () => {
    expect(example.run("node", ["node_modules/typescript/bin/tsc", "-p", "."])).toEqual({ status: 0, text: "" });
  });

  test("makes a farm of two nodes, named by its own project and stack, and a service on it", async () => {
    const { resources, tasks } = await preview(built);
    expect(find(resources, "manager1-domain").inputs).toMatchObject({
      name: "own-program-dev.manager1",
      description: "of the Pulumi project own-program",
    });
    expect(find(resources, "worker1-disk").inputs.baseVolumeId).toBe("local-image-0123456789abcdef-disk-id");
    expect(find(resources, "web-service").provider).toBe("swarm-docker");
    expect(tasks).toBe("stdout of web-converged");
  });

  test("uses an existing swarm, and creates no VM", async () => {
    const { resources } = await preview(there);
    const types = typesOf(resources);
    expect([types.has("libvirt:index/domain:Domain"), types.has("swarm-farm:swarm:ExistingSwarm")]).toEqual([
      false,
      true,
    ]);
    expect(find(resources, "web-converged").inputs.create).toMatch(/^exec ssh -o BatchMode=yes root@10\.0\.0\.5 /);
    expect(find(resources, "web-service").inputs.taskSpec).toMatchObject({
      networksAdvanceds: [{ id: "stdout of web" }],
      containerSpec: {
        configs: [{ configName: expect.stringMatching(/^page-[0-9a-f]{12}$/), fileName: "/www/index.html" }],
        secrets: [{ fileName: "admin-password", fileUid: "65534" }],
      },
    });
  });

  test("shows its secret to nobody", async () => {
    const { resources } = await preview(there);
    expect(find(resources, "admin-password").inputs.data).toMatchObject({ secret: expect.any(String) });
    const plain = JSON.stringify(
      resources.map(({ inputs }) => inputs),
      (_, value: unknown) => (typeof value === "object" && value !== null && "secret" in value ? "" : value),
    );
    expect(plain).not.toContain("password of admin-generated");
  });

  test("reports a missing package in one line", () => {
    const modules = join(example.folder, "node_modules/swarm-farm");
    renameSync(modules, `${modules}-away`);
    try {
      const options = /nodeargs: (.*)/.exec(readFileSync(join(example.folder, "Pulumi.yaml"), "utf8"))?.[1] ?? "";
      expect(example.run("node", [...options.split(" "), "-e", "process.stdout.write('ran')"])).toEqual({
        status: 1,
        text: "package 'swarm-farm' is not installed here: run 'npm run package', then 'npm install'\n",
      });
    } finally {
      renameSync(`${modules}-away`, modules);
    }
  });
});

test("its resources in a swarm are kept when ./farm sweeps that swarm, for any stack of the farm", async () => {
  const made = (await preview(there)).resources.filter(({ type }) => type.startsWith("docker:"));
  expect(made.map(({ inputs }) => inputs.labels)).toEqual(
    Array.from(made, (): unknown =>
      expect.arrayContaining([{ label: "swarm-farm.made-by", value: "own-program/dev" }]),
    ),
  );
  for (const stack of ["dev", "own-program"]) {
    const farm = new FakeFarm();
    try {
      // Lists what has the label that it filters by.
      farm.programs({
        ssh: `case "$*" in *"label=swarm-farm.made-by=own-program/dev "*) echo web ;; *" rm "*) ;; esac`,
      });
      const urn = `urn:pulumi:${stack}::swarm-farm::pulumi:providers:docker::swarm-docker`;
      await sweepSwarm(farm.context({ stack }), [{ urn, type: "pulumi:providers:docker", inputs: {}, outputs: {} }]);
      expect(farm.calls.filter((call) => call.includes(" ls "))).toHaveLength(4);
      expect(farm.calls.filter((call) => call.includes(" rm "))).toEqual([]);
    } finally {
      farm.remove();
    }
  }
});
