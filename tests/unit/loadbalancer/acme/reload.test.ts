import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import type { LoadBalancerPlan } from "../../../../stacks/loadbalancer/base/types";
import { planWith } from "../../../support/balancer";
import { makeCertificate, makeKey } from "../../../support/certificates";
import { programs } from "../../../support/proxy-program";
import { exchange, startProxy, type ReverseProxy } from "../../../support/reverse-proxy";
import { repository } from "../../../support/program";
import { listening, serve, type Served } from "../../../support/serve";

jest.setTimeout(120_000);

const image = join(repository, "stacks/loadbalancer/acme/images/acme-balancer");
const signals = { nginx: "HUP", haproxy: "USR2" } as const;
const request = "GET /hello/?wait=0 HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";

describe.each(["nginx", "haproxy"] as const)("%s", (kind) => {
  const available = programs[kind] === undefined ? test.skip : test;
  let folder: string;
  let certificate: string | undefined;
  let client: Served;
  let service: Served;
  let balancer: ReverseProxy;

  beforeAll(async () => {
    if (programs[kind] === undefined) return;
    // In memory, as the certificate is in a task; `startProxy` changes paths of /tmp.
    folder = mkdtempSync("/dev/shm/reload-");
    for (const name of ["store", "run"]) mkdirSync(join(folder, name));
    const key = makeKey(folder, "key");
    const farms = makeKey(folder, "farm");
    const interim = join(folder, "interim");
    writeFileSync(interim, read(makeCertificate(folder, "farm.crt", farms, "farm")) + read(farms));
    client = await listening(
      createServer((_, response) => {
        response.statusCode = certificate === undefined ? 404 : 200;
        response.end(certificate);
      }),
    );
    service = await serve((_, response, url) => {
      setTimeout(() => response.end("served"), Number(url.searchParams.get("wait")));
    });
    const env = {
      ...process.env,
      PATH: `${image}:${process.env.PATH ?? ""}`,
      ...{ URL: `http://127.0.0.1:${String(client.port)}/certificate`, KEYS: key, INTERIM: interim },
      ...{ STORE: join(folder, "store"), SERVED: join(folder, "run", "tls.pem"), FIRST_LOOK: "1", LOOK: "1" },
    };
    const command = [join(image, "serve-certificate"), signals[kind]];
    balancer = await startProxy(kind, plan(service.port, env.SERVED), { starter: { command, env } });
  });
  afterAll(async () => {
    if (programs[kind] === undefined) return;
    await balancer.stop();
    await Promise.all([client.stop(), service.stop()]);
    // The loop ends at its next look.
    await sleep(1500);
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (file: string) => readFileSync(file, "utf8");
  const obtain = (subject: string) => {
    certificate = read(makeCertificate(folder, subject, join(folder, "key"), subject));
  };

  available("serves the farm's own, then a certificate, then another, and no request fails", async () => {
    expect(await subjectAt(balancer.port)).toBe("farm");
    const slow = exchange(balancer.port, request.replace("wait=0", "wait=8000"));
    const load = under(balancer.port);
    for (const subject of ["first", "second"]) {
      obtain(subject);
      await until(async () => (await subjectAt(balancer.port)) === subject);
    }
    const { requests, failures } = await load.stop();
    expect({ failures, slow: (await slow).status }).toEqual({ failures: [], slow: 200 });
    expect(requests).toBeGreaterThan(10);
  });

  available("answers every token with the account's thumbprint, and nothing else at that path", async () => {
    const ask = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${String(balancer.httpPort)}${path}`, { redirect: "manual" });
      return `${String(answer.status)} ${answer.status === 200 ? await answer.text() : ""}`;
    };
    expect(await ask("/.well-known/acme-challenge/to-ken_1")).toBe("200 to-ken_1.thumb-print_1");
    for (const path of ["", "a/b", "a%22b", "a.b", "a%0ab"])
      expect(await ask(`/.well-known/acme-challenge/${path}`)).toBe("308 ");
    expect(await ask("/x/.well-known/acme-challenge/a")).toBe("308 ");
  });
});

function plan(port: number, certificateFile: string): LoadBalancerPlan {
  const { routes, ...rest } = planWith({ hello: { path: "/hello/" } });
  const servers = [{ name: "here", address: "127.0.0.1", port }];
  const target = { kind: "http", servers } as const;
  return {
    ...rest,
    certificateFile,
    acmeThumbprint: "thumb-print_1",
    routes: routes.map((route) => ({ ...route, target })),
  };
}

/** The common name of the certificate that is served. */
function subjectAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
    socket.on("error", reject);
    socket.on("secureConnect", () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; !(await holds()); look++) {
    if (look > 300) throw new Error("it does not come");
    await sleep(100);
  }
}

/** Requests one after another on two connections at once, until it is stopped. */
function under(port: number) {
  let stopped = false;
  let requests = 0;
  const failures: string[] = [];
  const one = async () => {
    while (!stopped) {
      const { status, body } = await exchange(port, request).catch((error: unknown) => ({
        status: 0,
        body: String(error),
      }));
      requests++;
      if (status !== 200) failures.push(`${String(status)} ${body}`);
    }
  };
  const all = Promise.all([one(), one()]);
  return {
    stop: async () => {
      stopped = true;
      await all;
      return { requests, failures };
    },
  };
}
