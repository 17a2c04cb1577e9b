import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { setUpBuilds } from "../../../../cli/setup/images/built";
import { wantedBuilds, wantedCopies, wantedImages, type WantedBuild } from "../../../../cli/setup/images/recipes";
import { programAt } from "../../../../cli/setup/tools/tools";
import { run } from "../../../../cli/process/run";
import { parseConfig } from "../../../../stacks/config";
import { repository } from "../../../../infra/images/content";
import { FakeFarm } from "../../../support/fake-farm";
import { fakeImage, fakeLayer } from "../../../support/fake-image";
import { FakeRegistry } from "../../../support/fake-registry";

const nodes = { manager1: { role: "manager" } };
const config = parseConfig({ nodes, stacks: { shop: { file: "compose.yaml" } } });

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
  machine.write("app/page.html", "hello");
  machine.write("app/Dockerfile", 'FROM scratch\nCOPY . /\nHEALTHCHECK --interval=7s CMD ["/check"]\n');
  compose("web: {build: ./app}", "admin: {build: ./app}", "old: {build: {context: app, args: {A: 1}}}");
});
afterEach(() => {
  machine.remove();
});

const compose = (...services: readonly string[]) => machine.write("compose.yaml", `services:\n  ${services.join("\n  ")}\n`);
const farm = () => machine.context({ repository: machine.home });
const expected = () => wantedBuilds(config, farm());
const setUp = (building = true) => setUpBuilds(machine.step({ repository }), expected(), building);

function only(images: readonly WantedBuild[]): WantedBuild {
  const [first] = images;
  if (first === undefined) throw new Error("nothing is built");
  return first;
}

/** Files of an image that nodes read. */
function configOf({ layout }: WantedBuild): Readonly<Record<string, unknown>> {
  const json = (file: string): unknown => JSON.parse(readFileSync(join(layout, file), "utf8"));
  const { config: blob } = json("manifest.json") as { config: { digest: string } };
  return (json(blob.digest.replace("sha256:", "")) as { config: ReturnType<typeof configOf> }).config;
}

test("services with the same build share an image, which is not copied from a registry", () => {
  expect(expected().map(({ name, services }) => [name.replace(/_[0-9a-f]{6}$/, "_…"), services])).toEqual([
    ["shop_app", ["admin", "web"]],
    ["shop_app_…", ["old"]],
  ]);
  compose("web: {build: ./app, image: registry.example/web}", "db: {image: mysql:9}");
  expect(wantedCopies(config, farm()).map(({ reference }) => reference)).toEqual(["mysql:9"]);
});

test("an image of the farm that a Dockerfile is based on is built too", () => {
  machine.write("app/Dockerfile", "FROM swarm-farm/php\n");
  // It reads files below this repository.
  const file = join(relative(repository, machine.home), "compose.yaml");
  expect(wantedImages(parseConfig({ nodes, stacks: { shop: { file } } }), "/cache").map(({ name }) => name)).toContain("php");
});

const tools = ["buildah", "skopeo", "gpg", "jq", "tar"];
const withBuildah = tools.every((name) => programAt(name, process.env)) ? describe : describe.skip;

withBuildah("buildah", () => {
  beforeEach(() => {
    compose("web: {build: ./app}", "admin: {build: ./app}");
  });
  // gpg's agent would outlive the test's folder.
  afterEach(() => {
    const home = join(machine.home, ".config", "swarm-farm", "signing");
    if (existsSync(home)) execFileSync("gpgconf", ["--homedir", home, "--kill", "all"]);
  });

  test("builds only the images that the cache lacks", async () => {
    await expect(setUp(false)).resolves.toBe(
      "1 to build, 0 unchanged\nshop_app: './farm up' builds it for admin, web",
    );
    const image = only(expected());
    expect(existsSync(image.layout)).toBe(false);
    await expect(setUp()).resolves.toMatch(/^1 built, 0 unchanged\nshop_app 0\.0 MB \d+ s$/);
    await expect(setUp()).resolves.toBe("0 built, 1 unchanged");
    await expect(setUp(false)).resolves.toBe("0 to build, 1 unchanged");
    // Docker's format alone has a health check, and a node asks soon while a task starts.
    expect(configOf(image)).toMatchObject({
      Healthcheck: { Test: ["CMD", "/check"], Interval: 7e9, StartInterval: 3e9 },
    });

    machine.write("app/page.html", "hello again");
    await expect(setUp()).resolves.toMatch(/^1 built, 0 unchanged/);
    const kept = () => readdirSync(dirname(image.layout)).filter((name) => /^\.?shop_app/.test(name)).sort();
    const filesOf = (...layouts: readonly string[]) =>
      layouts.flatMap((layout) => [basename(layout), `${basename(layout)}.pub`]).sort();
    const second = only(expected()).layout;
    // Another clone may deploy the first at this moment.
    expect(kept()).toEqual(filesOf(image.layout, second));

    utimesSync(image.layout, new Date(0), new Date(0));
    machine.write("app/page.html", "hello a third time");
    await setUp();
    expect(kept()).toEqual(filesOf(second, only(expected()).layout));
  });

  test("signs an image, so that a changed one is not pushed", async () => {
    const { name, layout } = only(expected());
    const registry = await FakeRegistry.start();
    const push = () =>
      run([join(repository, "images", "push")], {
        env: {
          ...farm().environment,
          LAYOUT: layout,
          NAME: name,
          REGISTRY: registry.address,
          KEY: join(machine.home, ".config", "swarm-farm", "signing", "image.pub"),
          CA_DIR: registry.authority,
          AUTH_FILE: machine.write("farm.json", "{}"),
        },
      });
    try {
      // As plain `pulumi up` does it, which builds nothing.
      expect((await push()).stderr).toBe(`image shop_app is not there (${layout}): ./farm setup builds it\n`);
      await setUp();
      expect(await push()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^sha256:/), stderr: "" });
      expect([...registry.manifests.keys()]).toContain("swarm-farm/shop_app:signed");
      const manifest = join(layout, "manifest.json");
      writeFileSync(manifest, readFileSync(manifest, "utf8").replace('"schemaVersion":2', '"schemaVersion": 2'));
      expect((await push()).stderr).toMatch(/^image shop_app was changed after it was built, or not signed by /);
    } finally {
      await registry.stop();
    }
  });

  test("supports arguments, the target, names with spaces and the ignore file", async () => {
    const text = 'FROM scratch AS one\nARG WORD\nLABEL word=$WORD\nCOPY ["-a b.txt", "/"]\nFROM scratch\nCOPY missing /\n';
    machine.write("app/Dockerfile", text);
    machine.write("app/-a b.txt", "x");
    machine.write("app/.dockerignore", "*\n!-a b.txt\n");
    compose("web: {build: {context: app, target: one, args: {WORD: 'two words'}}}");
    await setUp();
    expect(configOf(only(expected()))).toMatchObject({ Labels: { word: "two words" } });
  });

  test("pulls base images with the user's login", async () => {
    const hub = await FakeRegistry.start();
    try {
      hub.login = { user: "me", password: "secret" };
      hub.add("library/tool:1", fakeImage([fakeLayer()]));
      machine.write(".config/containers/registries.conf", `[[registry]]\nprefix = "docker.io"\nlocation = "${hub.address}"\n`);
      machine.set("SSL_CERT_FILE", join(hub.authority, "ca.crt"));
      machine.set("REGISTRY_AUTH_FILE", machine.write("auth.json", "{}"));
      machine.write("app/Dockerfile", "FROM tool:1\nCOPY page.html /\n");
      await expect(setUp()).rejects.toThrow(/services\.admin\.build: image 'shop_app' cannot be built; [^]*docker\.io\/library\/tool:1/);
      const auth = Buffer.from("me:secret").toString("base64");
      machine.write("auth.json", JSON.stringify({ auths: { [hub.address]: { auth }, "docker.io": { auth } } }));
      await setUp();
      expect(configOf(only(expected()))).toMatchObject({ Cmd: ["/file"], Healthcheck: { Test: ["CMD", "/file"] } });
    } finally {
      await hub.stop();
    }
  });

  test("a failed build reports its last lines and its place in the file, and leaves no files behind", async () => {
    machine.write("app/Dockerfile", "FROM scratch\nCOPY missing.txt /\n");
    const failed = setUp();
    await expect(failed).rejects.toThrow(
      /^compose\.yaml:2: services\.admin\.build: image 'shop_app' cannot be built; its build ended with:\n {2}[^]*missing\.txt/,
    );
    const { layout } = only(expected());
    expect(readdirSync(dirname(layout))).toEqual([]);
  });

  test("an image for another platform is refused", async () => {
    machine.write("app/Dockerfile", "FROM --platform=linux/arm64 scratch\nCOPY page.html /\n");
    await expect(setUp()).rejects.toThrow("the image is for linux/arm64, and the nodes are linux/amd64: remove --platform from FROM");
  });
});
