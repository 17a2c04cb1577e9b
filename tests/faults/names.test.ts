import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, changedResources, repository, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(40 * minute);

const ports = { open: 7000, closed: 7001, secure: 8883 } as const;
const nodes = [addresses.manager1, addresses.worker1];

/** A farm serves several names, each with its own certificate, and ports of what is no HTTP: first with nginx, then with HAProxy. */
describe("names and ports of a farm", () => {
  const farm = new TestFarm("test-names");
  const folder = join(farm.home, "names");

  /** A certificate signed by itself, for a name of example.org. */
  const makeCertificate = (name: string, host: string) => {
    const [cert, key] = ["crt", "key"].map((end) => join(folder, `${name}.${end}`)) as [string, string];
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "60"],
      ...["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${host}`, "-keyout", key, "-out", cert],
    ]);
    return { cert, key };
  };
  const configure = (implementation: "nginx" | "haproxy") => {
    const service = { service: "names_server" };
    const secure = { ...service, port: ports.secure, protocol: "tls", target: 9002 };
    const udp = { datagrams: { ...service, port: ports.open, protocol: "udp", target: 9001 } };
    const certificate = (name: string) => ({ cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) });
    farm.configureAs({
      ...smallConfig({ manager1: { role: "manager" }, worker1: { role: "worker" } }),
      hello: {},
      stacks: { names: { file: join(folder, "compose.yaml") } },
      loadbalancer: {
        implementation,
        routes: { hello: { host: "*.example.org", path: "/" } },
        certificates: { wild: certificate("wild"), shop: certificate("shop") },
        streams: {
          lines: { ...service, port: ports.open, target: 9000 },
          others: { ...service, port: ports.closed, target: 9000, allow: ["192.0.2.0/24"] },
          mail: { ...secure, host: "mail.example.org" },
          ...(implementation === "nginx" ? udp : {}),
        },
      },
    });
  };
  /** A page of a name, fetched by a client that trusts one certificate alone. */
  const page = (host: string, address: string, authority: string) =>
    farm.tryCurl(["--cacert", authority, "--resolve", `${host}:443:${address}`, `https://${host}/`]);
  const file = (name: string) => join(folder, `${name}.crt`);
  /** The first line that comes back; empty if the connection is closed instead. */
  const talk = async (protocol: "tcp" | "udp", address: string, port: number) => {
    // Bash itself would read a datagram's first byte, and lose the rest.
    const script = `exec 3<>"/dev/$1/$2/$3" && echo hi >&3 && timeout 30 head -n 1 <&3 || true`;
    const args = ["bash", "-c", script, "talk", protocol, address, String(port)];
    return (await farm.ok(["run", "--", ...args])).stdout.trim();
  };
  /** The same through TLS, by a client that trusts the service's own certificate alone. */
  const talkSecurely = async (address: string, name: string) => {
    const script = `(echo hi; sleep 5) | timeout 60 openssl s_client -quiet -no_ign_eof -verify_quiet -connect "$1" -servername "$2" -verify_return_error -verify_hostname "$2" -CAfile "$3" 2>/dev/null || true`;
    const args = ["bash", "-c", script, "talk", `${address}:${String(ports.secure)}`, name, file("mail")];
    return (await farm.ok(["run", "--", ...args])).stdout.trim();
  };
  const everywhere = (ask: (address: string) => Promise<string>) => Promise.all(nodes.map(ask));

  beforeAll(async () => {
    cpSync(join(repository, "tests", "faults", "names"), folder, { recursive: true });
    cpSync(join(repository, "examples", "websocket", "server"), join(folder, "server"), { recursive: true });
    makeCertificate("wild", "*.example.org");
    makeCertificate("shop", "shop.example.org");
    const mail = makeCertificate("mail", "mail.example.org");
    writeFileSync(join(folder, "tls.pem"), `${readFileSync(mail.cert, "utf8")}${readFileSync(mail.key, "utf8")}`);
    configure("nginx");
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
  });

  afterAll(() => farm.end());

  describe.each(["nginx", "haproxy"] as const)("%s", (implementation) => {
    beforeAll(async () => {
      configure(implementation);
      await farm.ok(["up", "--yes"], { shown: true });
    });

    test("a preview shows nothing more", async () => {
      expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
    });

    test("each name has its own certificate, and its own route", async () => {
      for (const address of nodes) {
        expect((await page("shop.example.org", address, file("shop"))).stdout).toContain("hello from ");
        expect((await page("any.example.org", address, file("wild"))).stdout).toContain("hello from ");
        // 60: curl does not trust what it gets.
        expect((await page("shop.example.org", address, file("wild"))).status).toBe(60);
        expect((await page("any.example.org", address, file("shop"))).status).toBe(60);
        // The farm's own one is for all else, which no route is for.
        const other = ["--cacert", farm.authority, "-o", "/dev/null", "-w", "%{http_code}", `https://${address}/`];
        expect((await farm.tryCurl(other)).stdout).toBe("404");
      }
    });

    test("TCP reaches the service through every node, except from clients that are not allowed", async () => {
      expect(await everywhere((address) => talk("tcp", address, ports.open))).toEqual(nodes.map(() => "heard hi"));
      expect(await everywhere((address) => talk("tcp", address, ports.closed))).toEqual(nodes.map(() => ""));
    });

    test("TLS is passed through to the service's certificate, by its name alone", async () => {
      const heard = await everywhere((address) => talkSecurely(address, "mail.example.org"));
      expect(heard).toEqual(nodes.map(() => "heard hi"));
      expect(await talkSecurely(addresses.manager1, "shop.example.org")).toBe("");
    });

    test("UDP does with nginx, and nobody listens with HAProxy", async () => {
      const heard = implementation === "nginx" ? "heard hi" : "";
      expect(await everywhere((address) => talk("udp", address, ports.open))).toEqual(nodes.map(() => heard));
    });

    test("a certificate that is replaced is one update of the load balancer", async () => {
      makeCertificate("shop", "shop.example.org");
      const { output } = await farm.ok(["up", "--yes"], { shown: true });
      expect(changedResources(output).filter((name) => !/^loadbalancer|^manager1-cleanup$/.test(name))).toEqual([]);
      await until("the new certificate on every node", async () => {
        const pages = await Promise.all(nodes.map((address) => page("shop.example.org", address, file("shop"))));
        return pages.every(({ stdout }) => stdout.includes("hello from "));
      });
    });
  });
});
