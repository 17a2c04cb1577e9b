import { block } from "./base/nginx-syntax";
import { nginxUser } from "./oidc/nginx";
import { container, validHost, type LoadBalancerPlan, type Route } from "./base/types";

/** Variables about the client: those of a trusted proxy's headers, or of the connection. */
export function clientMaps({ trustedProxies = [] }: LoadBalancerPlan): string[] {
  return [
    // Only WebSockets: a connection that changes to another protocol (h2c) would pass the rules of routes.
    block("map $http_upgrade $websocket", "~*^websocket$ websocket;", 'default "";'),
    // A connection that is not used again: a server that closes it itself has less work than one that is left.
    block("map $websocket $connection_header", "websocket upgrade;", "default close;"),
    block("map $websocket $kept_connection_header", "websocket upgrade;", 'default "";'),
    // HTTP/1.0 requires no Host.
    block("map $http_host $asked_host", '"" localhost;', "default $http_host;"),
    // $host is that of the URI, if it has one: the service would see another than the route was chosen by.
    block(
      'map "$host $http_host" $wrong_host',
      `"~*^(${validHost.name}) \\1\\.?${validHost.port}$" "";`,
      '"~ $" "";',
      "default 1;",
    ),
    block("map $asked_host $asked_port", '"~:(?<asked>[0-9]+)$" $asked;', "default 443;"),
    block(
      "geo $realip_remote_addr $trusted",
      "default 0;",
      ...[...new Set(trustedProxies)].map((network) => `${network} 1;`),
    ),
    ...[
      ["proto", "$scheme"],
      ["host", "$asked_host"],
      ["port", "$asked_port"],
    ].map(([part = "", own = ""]) =>
      block(
        `map $trusted$http_x_forwarded_${part} $forwarded_${part}`,
        `"~^1(?<given_${part}>.+)$" $given_${part};`,
        `default ${own};`,
      ),
    ),
  ];
}

/** The address that a trusted proxy names, in X-Forwarded-For or in front of TLS, becomes the client's, for rules and limits too. */
export function realIp({ trustedProxies = [], proxyProtocol }: LoadBalancerPlan): string[] {
  if (proxyProtocol) {
    const networks = [...new Set(proxyProtocol.from)];
    return [
      ...networks.map((network) => `set_real_ip_from ${network};`),
      "real_ip_header proxy_protocol;",
      block("geo $realip_remote_addr $proxy", "default 0;", ...networks.map((network) => `${network} 1;`)),
      block('map "$server_port $proxy" $no_proxy', `"${String(container.proxyProtocolPort)} 0" 1;`, 'default "";'),
    ];
  }
  if (trustedProxies.length === 0) return [];
  return [...trustedProxies.map((network) => `set_real_ip_from ${network};`), "real_ip_header X-Forwarded-For;"];
}

/** Headers about the client. They replace those of the request. */
export function forwardedHeaders(route: Route): [header: string, value: string][] {
  const { path, login } = route;
  return [
    ["X-Real-IP", "$remote_addr"],
    ["X-Forwarded-For", "$remote_addr"],
    ["X-Forwarded-Proto", "$forwarded_proto"],
    ["X-Forwarded-Host", "$forwarded_host"],
    ["X-Forwarded-Port", "$forwarded_port"],
    ["X-Forwarded-Prefix", path],
    // The service does not get the password for the load balancer; without a login it may have one of its own.
    ...(login === true ? [["Authorization", '""'] as [string, string]] : []),
    ...nginxUser(route),
  ];
}

/** The variable of what follows a route's path in a request. */
export function restOf({ name }: Route): string {
  return `$rest_${name.replaceAll("-", "_")}`;
}

/** The rest as the client sent it, with its query: nginx itself would pass %2F on as a slash. */
export function restMap(route: Route): string {
  return block(`map $request_uri ${restOf(route)}`, `"~^${route.path}(?<tail>.*)$" $tail;`, 'default "";');
}
