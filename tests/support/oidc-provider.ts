import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listening, type Served } from "./serve";

/** Who is logged in at the provider, for its next login. */
export interface User {
  readonly sub: string;
  readonly email: string;
  readonly groups?: readonly string[];
}

/** An OpenID Connect provider of one client, with TLS, that asks nobody for a password. */
export interface Provider extends Served {
  readonly issuer: string;
  /** The path of its certificate, which is its own CA. */
  readonly ca: string;
  user: User;
}

/** The client that it knows. */
export const client = { id: "farm", secret: "client+secret/=" } as const;

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * Starts it on a free port.
 *
 * @param address Default: 127.0.0.1
 */
export async function startProvider(address = "127.0.0.1"): Promise<Provider> {
  const folder = mkdtempSync(join(tmpdir(), "provider-"));
  const { key, ca } = certificate(folder, address);
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const logins = new Map<string, { readonly user: User; readonly query: URLSearchParams }>();
  const state = { issuer: "", user: { sub: "1", email: "ann@example.com" } as User };

  const token = ({ user, query }: { readonly user: User; readonly query: URLSearchParams }) => {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, exp: now + 3600 };
    const claims = {
      iss: state.issuer,
      aud: client.id,
      nonce: query.get("nonce"),
      email_verified: true,
      ...times,
      ...user,
    };
    const text = `${encoded({ alg: "RS256", kid: "1" })}.${encoded(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
  };
  const redeem = (request: IncomingMessage, form: URLSearchParams) => {
    const login = logins.get(form.get("code") ?? "");
    const basic = Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString("base64");
    const known = request.headers.authorization === `Basic ${basic}` || form.get("client_secret") === client.secret;
    const verifier = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!login || !known || verifier !== login.query.get("code_challenge")) return { error: "invalid_grant" };
    return { access_token: "a", token_type: "Bearer", expires_in: 3600, id_token: token(login) };
  };
  const json = (response: ServerResponse, value: object, status = 200) =>
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));

  const server = createServer({ key: readFileSync(key), cert: readFileSync(ca) }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "https://provider");
    if (pathname === "/.well-known/openid-configuration") json(response, discovery(state.issuer));
    else if (pathname === "/keys")
      json(response, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] });
    else if (pathname === "/authorize") {
      const code = randomUUID();
      logins.set(code, { user: state.user, query: searchParams });
      const answer = new URLSearchParams({ code, state: searchParams.get("state") ?? "" });
      response.writeHead(302, { Location: `${searchParams.get("redirect_uri") ?? ""}?${answer.toString()}` }).end();
    } else if (pathname === "/token") {
      let text = "";
      request.on("data", (data: Buffer) => (text += data.toString()));
      request.on("end", () => {
        const answer = redeem(request, new URLSearchParams(text));
        json(response, answer, "error" in answer ? 400 : 200);
      });
    } else response.writeHead(404).end();
  });
  const served = await listening(server, address);
  state.issuer = `https://${address}:${String(served.port)}`;
  return {
    port: served.port,
    ca,
    get issuer() {
      return state.issuer;
    },
    get user() {
      return state.user;
    },
    set user(user) {
      state.user = user;
    },
    stop: async () => {
      await served.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function discovery(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
  };
}

function certificate(folder: string, address: string): { readonly key: string; readonly ca: string } {
  const [key, ca] = [join(folder, "key.pem"), join(folder, "ca.pem")];
  const type = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const names = ["-subj", "/CN=provider", "-addext", `subjectAltName=IP:${address}`];
  execFileSync("openssl", ["req", "-x509", ...type, ...names, "-keyout", key, "-out", ca], { stdio: "pipe" });
  return { key, ca };
}
