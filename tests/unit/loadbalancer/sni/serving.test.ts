import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { nginxConfig } from "../../../../stacks/loadbalancer/nginx";
import {
  certificateFor,
  certificateList,
  haproxyCertificates,
  secretName,
} from "../../../../stacks/loadbalancer/sni/serving";
import { ask } from "../../../support/ask";
import { makeCertificate, makeKey } from "../../../support/certificates";
import { kinds } from "../../../support/requests";
import { behindProxy } from "../../../support/reverse-proxy";
import { serve } from "../../../support/serve";

const certificates = [
  { name: "wild", hosts: ["*.a.org", "a.org"] },
  { name: "shop", hosts: ["shop.a.org", "www.b.org"] },
];

test("a name's own certificate precedes a wildcard's, and both precede the default", () => {
  const files = ["shop.a.org", "x.a.org", "*.a.org", "x.y.a.org", "b.org", undefined].map((host) =>
    certificateFor({ certificates }, host),
  );
  const all = "/run/secrets/tls.pem";
  const [shop, wild] = ["shop", "wild"].map((name) => `/run/secrets/${secretName(name)}`);
  expect(files).toEqual([shop, wild, wild, all, all, all]);
  expect(certificateFor({ certificates, certificateFile: "/run/acme.pem" }, "b.org")).toBe("/run/acme.pem");
});

test("one certificate needs no list", () => {
  expect([haproxyCertificates({}), certificateList({})]).toEqual(["crt /run/secrets/tls.pem", []]);
  expect(nginxConfig({ httpsPort: 443, routes: [], certificates: [] })).toBe(
    nginxConfig({ httpsPort: 443, routes: [] }),
  );
});

test("HAProxy's list has the default first, for no name", () => {
  expect(haproxyCertificates({ certificates })).toBe("crt-list /etc/haproxy/certificates.list");
  expect(certificateList({ certificates, certificateFile: "/run/acme.pem" }).map(({ content }) => content)).toEqual([
    "/run/acme.pem !*\n/run/secrets/tls-wild.pem *.a.org a.org\n/run/secrets/tls-shop.pem shop.a.org www.b.org\n",
  ]);
});

/** The subject of the certificate that a client gets that asks for a name. */
function subjectFor(port: number, servername?: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, servername }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

describe.each(kinds)("%s", (kind) => {
  const start = () =>
    serve(({ headers }, response) => {
      response.end(headers["x-forwarded-prefix"]);
    });
  const front = behindProxy(kind, start, (port) => {
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
    return {
      httpsPort: 443,
      certificates,
      routes: [
        { name: "site", path: "/", target },
        { name: "exact", path: "/exact/", host: "own.a.org", target },
        { name: "wildcard", path: "/wild/", host: "*.a.org", target },
      ],
    };
  });

  front.available.each([
    ["shop.a.org", "shop", "/wild/"],
    ["SHOP.A.ORG", "shop", "/wild/"],
    ["www.b.org", "shop", "/"],
    ["own.a.org", "wild", "/exact/"],
    ["own.a.org", "wild", "/wild/"],
    ["x.a.org", "wild", "/wild/"],
    ["a.org", "wild", "/"],
    ["x.y.a.org", "proxy", "/"],
    ["b.org", "proxy", "/"],
    [undefined, "proxy", "/"],
  ])("%s has the certificate '%s', and the pages of %s", async (name, subject, path) => {
    const { port } = front.proxy;
    expect(await subjectFor(port, name)).toBe(subject);
    const host = name ?? "127.0.0.1";
    const { status, body } = await ask(port, path, { headers: { host }, servername: name });
    expect([status, body.toString()]).toEqual([200, path]);
  });

  front.available("a renewed certificate is served after a reload, and no connection fails meanwhile", async () => {
    const { port, pid, folder } = front.proxy;
    const key = makeKey(folder, "renewed.key");
    const cert = makeCertificate(folder, "renewed.crt", key, "renewed");
    writeFileSync(join(folder, "tls-shop.pem"), readFileSync(cert, "utf8") + readFileSync(key, "utf8"));
    expect(await subjectFor(port, "shop.a.org")).toBe("shop");
    process.kill(pid, kind === "nginx" ? "SIGHUP" : "SIGUSR2");
    const deadline = Date.now() + 10_000;
    const seen = new Set<unknown>();
    while (!seen.has("renewed") && Date.now() < deadline) seen.add(await subjectFor(port, "shop.a.org"));
    expect([...seen].filter((subject) => subject !== "shop")).toEqual(["renewed"]);
    expect([await subjectFor(port, "x.a.org"), await subjectFor(port)]).toEqual(["wild", "proxy"]);
  });
});
