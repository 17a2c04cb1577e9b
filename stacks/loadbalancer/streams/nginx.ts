import { pattern } from "../base/hosts";
import { block } from "../base/nginx-syntax";
import {
  connectSeconds,
  headerSeconds,
  maxAttempts,
  maxConnections,
  type Listener,
  type LoadBalancerPlan,
} from "../base/types";

/** Debian's package libnginx-mod-stream. */
export const streamModule = "/usr/lib/nginx/modules/ngx_stream_module.so";

/** The directive that loads the module for streams; none where there is no stream. */
export function nginxStreamModule({ streams = [] }: LoadBalancerPlan): string[] {
  return streams.length === 0 ? [] : [`load_module ${streamModule};`];
}

/** The block of nginx for streams. A connection that a task refuses is tried at another one. */
export function nginxStreams({ streams = [] }: LoadBalancerPlan): string[] {
  if (streams.length === 0) return [];
  return [
    block(
      "stream",
      `log_format farm '$remote_addr stream $server_port $protocol $status $bytes_sent $bytes_received $session_time "$upstream_addr"';`,
      "access_log /dev/stdout farm;",
      "resolver 127.0.0.11 valid=1s ipv6=off;",
      "limit_conn_zone $binary_remote_addr zone=clients:1m;",
      // Silent ones of one client leave room for others.
      `limit_conn clients ${String(maxConnections / 4)};`,
      `preread_timeout ${String(headerSeconds)}s;`,
      `proxy_connect_timeout ${String(connectSeconds)}s;`,
      `proxy_next_upstream_tries ${String(maxAttempts)};`,
      "proxy_half_close on;",
      ...streams.flatMap(listener),
    ),
  ];
}

function listener({ listen, protocol, allow, timeoutSeconds, upstreams }: Listener): string[] {
  const to = `$to_${String(listen)}`;
  const addressed = upstreams.map(({ host = "", service, port }) => {
    const address = `tasks.${service}:${String(port)}`;
    return { name: host.startsWith("*.") ? `"~*${pattern(host)}$"` : host, address };
  });
  return [
    ...(protocol === "tls"
      ? [
          block(
            `map $ssl_preread_server_name ${to}`,
            ...addressed.map(({ name, address }) => `${name} ${address};`),
            // No address: the connection is closed.
            'default "";',
          ),
        ]
      : []),
    block(
      "server",
      `listen ${String(listen)}${protocol === "udp" ? " udp" : ""};`,
      ...(allow ? [...allow.map((network) => `allow ${network};`), "deny all;"] : []),
      ...(protocol === "tls" ? ["ssl_preread on;"] : addressed.map(({ address }) => `set ${to} ${address};`)),
      `proxy_timeout ${String(timeoutSeconds)}s;`,
      `proxy_pass ${to};`,
    ),
  ];
}
