import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, origin, repository, type TestFarm } from "../farm";
import { layoutOf, registry } from "./derived-image";

/** Who may come where: one network that is not ours for the visualizer, one request a second for hello. */
const routes = {
  lamp: { path: "/" },
  hello: { path: "/hello/", rateLimit: { requestsPerSecond: 1, burst: 1 } },
  visualizer: { path: "/visualizer/", allow: [`${addresses.worker3}/32`] },
};

/** The configuration with another load balancer than the shipped one, and hello without a port: its route has a limit. */
function withBalancer(settings: object): (config: string) => string {
  return (config) =>
    config
      .replace(/loadbalancer: \{.*$/m, `loadbalancer: ${JSON.stringify({ routes, ...settings })}`)
      .replace(/hello:\n {4}port: \d+$/m, "hello: {}");
}

/** Access rules on nginx, then everything again on HAProxy, which goes straight to php under a certificate of one's own. */
export function balancerTests(farm: TestFarm): void {
  const status = (path: string, authority = farm.authority) =>
    farm.curl(["-o", "/dev/null", "-w", "%{http_code}", `${origin}${path}`], authority);
  const several = async (path: string, authority = farm.authority) => {
    const answers = await farm.curl(["-o", "/dev/null", "-w", "%{http_code}\\n", `${origin}${path}?[1-6]`], authority);
    return answers
      .trim()
      .split("\n")
      .filter((line) => /^\d+$/.test(line));
  };

  test("nginx enforces allow lists and rate limits", async () => {
    farm.configure(withBalancer({}));
    await farm.change();
    expect(await status("/visualizer/")).toBe("403");
    expect(await status("/")).toBe("200");
    const answers = await several("/hello/");
    expect(answers).toContain("200");
    expect(answers).toContain("429");
  });

  test("HAProxy does the same, straight to php, with a certificate of one's own", async () => {
    const own = join(farm.home, "own");
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"],
      ...["-subj", "/CN=shop.example", "-addext", `subjectAltName=DNS:shop.example,IP:${addresses.manager1}`],
      ...["-keyout", `${own}.key`, "-out", `${own}.crt`],
    ]);
    const certificate = { cert: `${own}.crt`, key: `${own}.key` };
    farm.configure(withBalancer({ implementation: "haproxy", mode: "fastcgi", certificate }));
    await farm.ok(["up"], { shown: true });
    expect(await status("/visualizer/", `${own}.crt`)).toBe("403");
    const answers = await several("/hello/", `${own}.crt`);
    expect(answers).toContain("200");
    expect(answers).toContain("429");
    const page = await farm.curl([`${origin}/`], `${own}.crt`);
    expect(page).toMatch(/id="visits">\d+</);
    expect(page).toMatch(/id="client">10\.77\.0\.1</);
  });

  test("an image that was changed after it was built is not pushed, and the error says so", async () => {
    const copy = join(farm.home, "tampered");
    cpSync(layoutOf("hello"), copy, { recursive: true });
    const [layer = ""] = readdirSync(copy).filter((file) => /^[0-9a-f]{64}$/.test(file));
    const password = (await farm.ok(["secret", "registry"])).stdout.trim();
    const push = () => farm.farm(["run", "--", "env", ...pushOf(copy, password), join(repository, "images", "push")]);
    writeFileSync(join(copy, layer), Buffer.concat([readFileSync(join(copy, layer)), Buffer.from("x")]));
    // The registry has the right layer already, and keeps it.
    await push();
    const blob = `https://${registry}/v2/swarm-farm/hello/blobs/sha256:${layer}`;
    const kept = "curl -sSf --cacert $1 -u registry:$2 $3 | sha256sum | cut -d ' ' -f 1";
    const sum = await farm.ok(["run", "--", "bash", "-euc", kept, "kept", farm.authority, password, blob]);
    expect(sum.stdout.trim()).toBe(layer);
    const manifest = join(copy, "manifest.json");
    writeFileSync(manifest, `${readFileSync(manifest, "utf8")} `);
    const refused = await push();
    expect(refused.status).not.toBe(0);
    expect(refused.output).toMatch(/image hello was changed after it was built, or not signed by/);
  });

  /** Environment of the script that pushes an image. */
  function pushOf(layout: string, password: string): string[] {
    const auth = join(farm.home, "auth.json");
    const basic = Buffer.from(`registry:${password}`).toString("base64");
    writeFileSync(auth, JSON.stringify({ auths: { [registry]: { auth: basic } } }), { mode: 0o600 });
    const certificates = join(farm.home, "certificates");
    cpSync(farm.authority, join(certificates, "ca.crt"));
    const key = join(farm.home, "c", "swarm-farm", "signing", "image.pub");
    return [
      `LAYOUT=${layout}`,
      "NAME=hello",
      `REGISTRY=${registry}`,
      `KEY=${key}`,
      `CA_DIR=${certificates}`,
      `AUTH_FILE=${auth}`,
    ];
  }
}
