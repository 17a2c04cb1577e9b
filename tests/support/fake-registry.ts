import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, type FakeImage } from "./fake-image";

/** Faults to inject, besides errors of the client. */
export interface Trouble {
  /** Every request is refused with 429. */
  readonly limited?: boolean;
  /** The connection ends in the middle of this blob. */
  readonly cutIn?: string;
  /** Manifests are never answered. */
  readonly silent?: boolean;
}

/**
 * A registry on loopback with TLS from a CA of its own, as Docker Hub is for `./farm`: lists, tags, a login, and troubles. It takes
 * pushes too, as the farm's own registry does.
 */
export class FakeRegistry {
  /** Tags, as `name:tag`, and digests, as `name@digest`. */
  readonly manifests = new Map<string, Buffer>();
  readonly blobs = new Map<string, Buffer>();
  /** `METHOD path` of every request that had its login. */
  readonly requests: string[] = [];
  trouble: Trouble = {};
  /** Default: everybody may pull. */
  login: { readonly user: string; readonly password: string } | undefined;

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<FakeRegistry> {
    const folder = mkdtempSync(join(tmpdir(), "fake-registry-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "ca.crt")];
    const subject = ["-subj", "/CN=registry", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    execFileSync("openssl", ["req", "-x509", ...curve, "-keyout", key, "-out", cert, "-days", "2", ...subject], {
      stdio: "ignore",
    });
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
    const registry = new FakeRegistry(folder, server);
    server.on("request", (request, response) => void registry.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Host and port. */
  get address(): string {
    return `localhost:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** A folder with the certificate of its CA. */
  get authority(): string {
    return this.folder;
  }

  /** Adds an image under a name with a tag. */
  add(name: string, { manifest, blobs, instances = [] }: FakeImage): void {
    const repository = name.replace(/:[^:]*$/, "");
    this.manifests.set(name, manifest);
    for (const each of [manifest, ...instances]) this.manifests.set(`${repository}@${digestOf(each)}`, each);
    for (const blob of blobs) this.blobs.set(digestOf(blob), blob);
  }

  /** The requests for blobs that were answered since the last call. */
  pulledBlobs(): string[] {
    const pulled = this.requests.filter((line) => line.startsWith("GET") && line.includes("/blobs/"));
    this.requests.length = 0;
    return pulled.map((line) => line.replace(/^.*\/blobs\//, ""));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { method = "", url = "" } = request;
    const end = (status: number, content: Buffer | string = "", headers: Record<string, string> = {}) => {
      response.writeHead(status, { "Content-Length": String(Buffer.byteLength(content)), ...headers });
      response.end(method === "HEAD" ? undefined : content);
    };
    const refuse = (status: number, code: string, headers: Record<string, string> = {}) => {
      end(status, JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll("_", " ") }] }), headers);
    };
    if (this.login) {
      const expected = `Basic ${Buffer.from(`${this.login.user}:${this.login.password}`).toString("base64")}`;
      if (request.headers.authorization !== expected) {
        refuse(401, "UNAUTHORIZED", { "Www-Authenticate": 'Basic realm="fake"' });
        return;
      }
    }
    this.requests.push(`${method} ${url}`);
    if (this.trouble.limited && url !== "/v2/") {
      refuse(429, "TOOMANYREQUESTS", { "Retry-After": "0" });
      return;
    }
    const [, name = "", kind, id = ""] = /^\/v2\/(.+)\/(manifests|blobs)\/(.*?)(\?.*)?$/.exec(url) ?? [];
    if (kind === "manifests") this.manifest(method, name, decodeURIComponent(id), body, { end, refuse });
    else if (kind === "blobs") this.blob(method, url, name, decodeURIComponent(id), body, response, { end, refuse });
    else end(200, "{}");
  }

  private manifest(method: string, name: string, id: string, body: Buffer, { end, refuse }: Answers): void {
    if (this.trouble.silent) return;
    const digest = id.startsWith("sha256:") ? id : undefined;
    if (method === "PUT") {
      this.manifests.set(`${name}:${id}`, body);
      this.manifests.set(`${name}@${digestOf(body)}`, body);
      end(201, "", { "Docker-Content-Digest": digestOf(body) });
      return;
    }
    const found = this.manifests.get(digest === undefined ? `${name}:${id}` : `${name}@${digest}`);
    if (found === undefined) {
      refuse(404, "MANIFEST_UNKNOWN");
      return;
    }
    const { mediaType } = JSON.parse(found.toString()) as { mediaType: string };
    end(200, found, { "Content-Type": mediaType, "Docker-Content-Digest": digestOf(found) });
  }

  private blob(
    method: string,
    url: string,
    name: string,
    id: string,
    body: Buffer,
    response: ServerResponse,
    { end, refuse }: Answers,
  ): void {
    if (method === "POST") end(202, "", { Location: `/v2/${name}/blobs/uploads/1` });
    else if (method === "PATCH") {
      this.uploading = body;
      end(202, "", { Location: `/v2/${name}/blobs/uploads/1` });
    } else if (method === "PUT") {
      const digest = decodeURIComponent(/[?&]digest=([^&]+)/.exec(url)?.[1] ?? "");
      this.blobs.set(digest, body.length > 0 ? body : this.uploading);
      end(201, "", { Location: `/v2/${name}/blobs/${digest}` });
    } else {
      const found = this.blobs.get(id);
      if (found === undefined) refuse(404, "BLOB_UNKNOWN");
      else if (this.trouble.cutIn === id && method === "GET") {
        response.writeHead(200, { "Content-Length": String(found.length) });
        response.write(found.subarray(0, found.length / 2), () => response.destroy());
      } else end(200, found);
    }
  }

  private uploading: Buffer = Buffer.alloc(0);
}

interface Answers {
  readonly end: (status: number, content?: Buffer | string, headers?: Record<string, string>) => void;
  readonly refuse: (status: number, code: string, headers?: Record<string, string>) => void;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
