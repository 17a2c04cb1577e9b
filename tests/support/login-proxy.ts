import { oidc } from "../../stacks/loadbalancer/oidc/plan";
import { serve, type Served } from "./serve";

/** A request that a stand-in for oauth2-proxy received. */
export interface ProxyRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly bytes: number;
}

/** A stand-in for oauth2-proxy, for what load balancers make of its answers. */
export interface LoginProxy extends Served {
  readonly requests: readonly ProxyRequest[];
}

/** Cookies of a user who may, of one who may not, and of one for whom it fails. */
export const cookies = {
  known: `Cookie: other=1; ${oidc.cookie}=known`,
  foreign: `Cookie: ${oidc.cookie}=foreign`,
  broken: `Cookie: ${oidc.cookie}=broken`,
} as const;

const statuses: Readonly<Record<string, number>> = { known: 202, foreign: 403, broken: 500 };
const user = { "X-Auth-Request-User": "u1", "X-Auth-Request-Email": "ann@example.com" };

/** Starts it on a free port of 127.0.0.1. */
export async function startLoginProxy(): Promise<LoginProxy> {
  const requests: ProxyRequest[] = [];
  const server = await serve((request, response, { pathname }) => {
    const { method = "", url = "", headers } = request;
    let bytes = 0;
    request.on("data", (data: Buffer) => (bytes += data.length));
    request.on("end", () => {
      requests.push({ method, url, headers, bytes });
      const session = new RegExp(`${oidc.cookie}=(\\w+)`).exec(headers.cookie ?? "")?.[1] ?? "";
      const page = pathname.startsWith(oidc.prefix) && pathname !== `${oidc.prefix}auth`;
      const status = page ? 200 : statuses[session];
      if (status !== undefined) response.writeHead(status, status === 202 ? user : {}).end(`page ${url}`);
      else if (pathname === `${oidc.prefix}auth`) response.writeHead(401).end();
      else
        response
          .writeHead(302, {
            Location: "https://login.example/auth",
            "Set-Cookie": ["csrf=1; Path=/", "more=2; Path=/"],
          })
          .end("found");
    });
  });
  return { ...server, requests };
}
