import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../../infra/images/content";

/** The request targets that the visualizer needs: its own list. */
const list = "apps/visualizer/server/docker/allowed.json";

/** The port of the proxy. */
export const proxyPort = 2375;

/** The health check's path: answered if Docker answers, and only on the task's own address. */
export const proxyHealth = "/health";

/** Regular expressions (PCRE) of the allowed requests. */
export function allowedTargets(): readonly string[] {
  return z.array(z.string().regex(/^\^[^']+\$$/)).parse(JSON.parse(readFileSync(join(repository, list), "utf8")));
}

/**
 * The nginx.conf of a docker socket proxy. It passes a GET whose target, as in the request line, is on the list, as a new
 * request without headers, body and upgrade of the client. It refuses all others.
 *
 * @param socket path of Docker's socket
 * @param listen an address of nginx's `listen`. Default: every address
 */
export function socketProxyConfig(socket: string, listen = String(proxyPort)): string {
  const message = (text: string) => `'{"message":"docker socket proxy: ${text}"}'`;
  return `worker_processes 1;
pid /tmp/nginx.pid;
error_log stderr warn;
worker_shutdown_timeout 5s;
events {
  worker_connections 256;
}
http {
  access_log off;
  server_tokens off;
  default_type application/json;
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  client_max_body_size 1k;
  large_client_header_buffers 4 16k;
  map $request_uri $listed {
    default 0;
${allowedTargets()
  .map((target) => `    '~${target}' 1;`)
  .join("\n")}
  }
  upstream docker {
    server unix:${socket};
  }
  proxy_http_version 1.1;
  proxy_pass_request_headers off;
  proxy_pass_request_body off;
  proxy_set_header Host docker;
  proxy_set_header Connection "";
  proxy_set_header Content-Length "";
  proxy_buffering off;
  proxy_connect_timeout 5s;
  server {
    listen ${listen};
    error_page 502 504 = @away;
    location = ${proxyHealth} {
      allow 127.0.0.1;
      deny all;
      proxy_read_timeout 15s;
      proxy_pass http://docker/_ping;
    }
    location @away {
      return 502 ${message("docker does not answer")};
    }
    location / {
      if ($request_method != GET) {
        return 405 ${message("only GET passes")};
      }
      if ($http_upgrade) {
        return 403 ${message("no upgrade passes")};
      }
      if ($listed = 0) {
        return 403 ${message("this path does not pass")};
      }
      proxy_read_timeout 1d;
      proxy_pass http://docker$request_uri;
    }
  }
}
`;
}
