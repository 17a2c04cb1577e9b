import { readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deadlines } from "../../../../cli/setup/copies/copy";
import { digestsIn } from "../../../../cli/setup/copies/known";
import { setUpCopies, type Copying } from "../../../../cli/setup/copies/set-up";
import { run } from "../../../../cli/process/run";
import { copiedImage, copiesIn } from "../../../../infra/images/copied";
import { repository } from "../../../../infra/images/content";
import { FakeFarm } from "../../../support/fake-farm";
import { digestOf, fakeImage, fakeLayer, fakeList } from "../../../support/fake-image";
import { FakeRegistry } from "../../../support/fake-registry";

/** The real skopeo copies from a registry on loopback, which plays Docker Hub. */
let hub: FakeRegistry;
let machine: FakeFarm;
beforeAll(async () => {
  hub = await FakeRegistry.start();
});
afterAll(() => hub.stop());

const [base, first, second] = [fakeLayer(), fakeLayer(), fakeLayer()];
const web1 = fakeImage([base, first]);
const web2 = fakeImage([base, second]);
const layersOf = (...layers: readonly Buffer[]) => layers.map(digestOf).sort();

beforeEach(() => {
  machine = new FakeFarm();
  hub.trouble = {};
  hub.login = undefined;
  hub.manifests.clear();
  hub.requests.length = 0;
  hub.add("library/web:1", fakeList({ arm64: fakeImage([fakeLayer(1)], "arm64"), amd64: web1 }));
  hub.add("library/web:2", web2);
  // docker.io is the fake; the rest of the machine's own settings are left out.
  const mirrors = `[[registry]]\nprefix = "docker.io"\nlocation = "${hub.address}"\n`;
  machine.write(".config/containers/registries.conf", mirrors);
  machine.set("SSL_CERT_FILE", join(hub.authority, "ca.crt"));
  machine.set("REGISTRY_AUTH_FILE", machine.write("auth.json", "{}"));
});
afterEach(() => {
  machine.remove();
});

const cache = () => machine.folders.cache;
const digest = (written: string) => copiedImage(written, cache()).digest;
const at = "shop.yaml:3: services.web.image";
const nothingKnown = () => Promise.resolve<ReadonlyMap<string, string>>(new Map());

function setUp(how: Copying, references: readonly string[], known = nothingKnown): Promise<string> {
  const step = machine.step({ repository });
  return setUpCopies(
    step,
    references.map((reference) => ({ reference, at })),
    how,
    known,
  );
}

describe("copies", () => {
  test("an image for the nodes' platform is copied byte by byte from its registry, with its health check", async () => {
    expect(await setUp("copy", ["web:1"])).toMatch(/^1 copied, 0 unchanged\nweb:1 [0-9a-f]{12} \d\.\d MB \d+ s$/);
    expect(digest("docker.io/library/web:1")).toBe(digestOf(web1.manifest));
    const layout = copiesIn(cache()).layout(digestOf(web1.manifest));
    expect(readFileSync(join(layout, "manifest.json"))).toEqual(web1.manifest);
    for (const blob of web1.blobs)
      expect(readFileSync(join(layout, digestOf(blob).slice("sha256:".length)))).toEqual(blob);
  });

  test("an image without a tag is the one that the tag 'latest' stands for, and is copied once", async () => {
    hub.add("library/web:latest", web2);
    expect(await setUp("copy", ["web", "web:latest"])).toMatch(/^1 copied, 0 unchanged\nweb /);
    expect(digest("web")).toBe(digest("docker.io/library/web:latest"));
  });

  test("layers of other images are not pulled again, and a cached image needs no request", async () => {
    await setUp("copy", ["web:1"]);
    hub.requests.length = 0;
    await setUp("copy", ["web:1", "web:2"]);
    expect(hub.pulledBlobs()).toEqual(expect.arrayContaining(layersOf(second)));
    expect(hub.pulledBlobs()).toEqual([]);
    hub.trouble = { limited: true };
    expect(await setUp("copy", ["web:1", "web:2", "docker.io/library/web:1"])).toBe("0 copied, 2 unchanged");
    expect(hub.requests).toEqual([]);
  });

  test("an interrupted copy continues with the missing layers", async () => {
    hub.trouble = { cutIn: digestOf(first) };
    await expect(setUp("copy", ["web:1"])).rejects.toThrow(/broke the connection: run \.\/farm up again/);
    expect(digest("web:1")).toBeUndefined();
    hub.trouble = {};
    hub.pulledBlobs();
    await setUp("copy", ["web:1"]);
    expect(hub.pulledBlobs().filter((each) => layersOf(base, first).includes(each))).toEqual(layersOf(first));
    expect(readdirSync(copiesIn(cache()).root).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("only --pull looks up a tag again", async () => {
    await setUp("copy", ["web:1"]);
    hub.add("library/web:1", web2);
    expect(await setUp("copy", ["web:1"])).toBe("0 copied, 1 unchanged");
    expect(digest("web:1")).toBe(digestOf(web1.manifest));
    expect(await setUp("pull", ["web:1"])).toMatch(/^1 copied, 0 unchanged\n/);
    expect(digest("web:1")).toBe(digestOf(web2.manifest));
    expect(await setUp("pull", ["web:1"])).toBe("0 copied, 1 unchanged");
  });

  test("a farm keeps the digest of its image after the cache is lost, although the tag has moved", async () => {
    const known = () =>
      Promise.resolve(
        digestsIn([
          {
            urn: "urn:pulumi:dev::swarm-farm::command:local:Command::docker.io.library.web.1-push",
            type: "command:local:Command",
            inputs: { environment: { REFERENCE: "docker.io/library/web:1" } },
            outputs: { stdout: digestOf(web1.manifest) },
          },
        ]),
      );
    hub.manifests.set("library/web:1", web2.manifest);
    expect(await setUp("report", ["web:1"], known)).toBe("1 to copy, 0 unchanged\nweb:1: './farm up' copies it");
    expect([digest("web:1"), hub.requests]).toEqual([digestOf(web1.manifest), []]);
    await setUp("copy", ["web:1"], known);
    expect(digest("web:1")).toBe(digestOf(web1.manifest));
  });

  test("registries get the user's login", async () => {
    hub.login = { user: "me", password: "secret" };
    const auth = Buffer.from("me:secret").toString("base64");
    const whole = { [hub.address]: { auth }, "docker.io": { auth } };
    writeFileSync(join(machine.home, "auth.json"), JSON.stringify({ auths: whole }));
    expect(await setUp("copy", ["web:1"])).toMatch(/^1 copied/);
  });
});

describe("an image that cannot be copied is one message with its position in the file", () => {
  test.each<[string, string, () => void, RegExp]>([
    ["a missing tag", "web:9", () => undefined, /image 'web:9': its registry does not have it: correct the name/],
    ["another platform", "arm:1", () => { hub.add("library/arm:1", fakeImage([base], "arm64")); }, /for linux\/arm64: name an/],
    ["a wrong login", "web:1", () => (hub.login = { user: "me", password: "x" }), /docker\.io refuses the login, or has no/],
    ["a rate limit", "web:1", () => (hub.trouble = { limited: true }), /limits how much may be pulled \(429\): log in/],
    ["an unreachable registry", "localhost:1/web:1", () => undefined, /localhost:1 cannot be reached from this machine/],
    ["an unknown CA", "web:1", () => { machine.set("SSL_CERT_FILE", "/dev/null"); }, /does not trust the certificate of/],
  ])("%s", async (_, reference, prepare, message) => {
    prepare();
    const failed = setUp("copy", [reference]);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(/^shop\.yaml:3: services\.web\.image: image '[^\n]*$/);
  });

  test("a registry that does not answer before the timeout", async () => {
    hub.trouble = { silent: true };
    const before = deadlines.answer;
    deadlines.answer = 1;
    try {
      await expect(setUp("copy", ["web:1"])).rejects.toThrow("docker.io does not answer in time");
    } finally {
      deadlines.answer = before;
    }
  });

  test("several at once, while the others are copied", async () => {
    await expect(setUp("copy", ["web:8", "web:1", "web:9"])).rejects.toThrow(/^2 images cannot be copied:\n {2}shop.*\n {2}shop/);
    expect(digest("web:1")).toBe(digestOf(web1.manifest));
  });
});

describe("push to the farm's registry", () => {
  let farm: FakeRegistry;
  beforeAll(async () => {
    farm = await FakeRegistry.start();
    farm.login = { user: "registry", password: "pw" };
  });
  afterAll(() => farm.stop());

  async function push(layout: string) {
    const auth = Buffer.from("registry:pw").toString("base64");
    const file = machine.write("farm.json", JSON.stringify({ auths: { [farm.address]: { auth } } }));
    return run([join(repository, "images", "push-copied")], {
      env: {
        ...machine.context().environment,
        LAYOUT: layout,
        NAME: "docker.io.library.web.1",
        REFERENCE: "docker.io/library/web:1",
        REGISTRY: farm.address,
        CA_DIR: farm.authority,
        AUTH_FILE: file,
      },
    });
  }

  test("pushes the same manifest without a request to the image's own registry, and prints its digest", async () => {
    await setUp("copy", ["web:1"]);
    hub.requests.length = 0;
    const layout = copiesIn(cache()).layout(digestOf(web1.manifest));
    expect(await push(layout)).toEqual({ status: 0, stdout: digestOf(web1.manifest), stderr: "" });
    expect(farm.manifests.get("swarm-farm/docker.io.library.web.1:signed")).toEqual(web1.manifest);
    expect(hub.requests).toEqual([]);
  });

  test("reports a missing or damaged copy", async () => {
    const layout = copiesIn(cache()).layout(digestOf(web2.manifest));
    const missing = await push(layout);
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringMatching(/is not in the cache .* \.\/farm up copies/)]);
    await setUp("copy", ["web:2"]);
    const layer = join(layout, digestOf(second).slice("sha256:".length));
    const content = readFileSync(layer);
    rmSync(layer);
    writeFileSync(layer, Buffer.concat([content.subarray(1), content.subarray(0, 1)]));
    expect((await push(layout)).stderr).toMatch(/^the copy of image docker\.io\/library\/web:1 is damaged: remove /);
  });

  test("does not take a registry that cuts the connection for a damaged copy, nor a damaged copy for that, whatever skopeo says", async () => {
    await setUp("copy", ["web:1"]);
    const layout = copiesIn(cache()).layout(digestOf(web1.manifest));
    machine.program("skopeo", "echo 'writing blob: unexpected EOF' >&2; exit 1");
    expect((await push(layout)).stderr).toMatch(/^image docker\.io\/library\/web:1 cannot be pushed to .*unexpected EOF/);
    symlinkSync(layout, join(machine.home, "a link"));
    expect((await push(join(machine.home, "a link"))).stderr).toMatch(/cannot be pushed to /);
    truncateSync(join(layout, digestOf(first).slice("sha256:".length)), 1);
    expect((await push(layout)).stderr).toMatch(/^the copy of image docker\.io\/library\/web:1 is damaged: remove /);
  });

  test.each([
    ["a layer that is missing", (layout: string) => { rmSync(join(layout, digestOf(first).slice("sha256:".length))); }],
    ["half of a manifest", (layout: string) => { truncateSync(join(layout, "manifest.json"), 9); }],
  ])("takes a copy with %s for damaged", async (_, damage) => {
    await setUp("copy", ["web:1"]);
    const layout = copiesIn(cache()).layout(digestOf(web1.manifest));
    damage(layout);
    // The registry may have the layer.
    machine.program("skopeo", "exit 1");
    expect((await push(layout)).stderr).toMatch(/^the copy of image docker\.io\/library\/web:1 is damaged: remove /);
  });
});
