import type { Route } from "./base/types";

/** Media types of text; others are compressed already, and an event stream must not wait. Both programs ignore parameters. */
const compressedTypes = [
  ...["html", "plain", "css", "javascript", "xml", "csv"].map((name) => `text/${name}`),
  ...["javascript", "json", "ld+json", "manifest+json", "xml", "rss+xml", "wasm"].map((name) => `application/${name}`),
  "image/svg+xml",
];

/** A smaller response fits in one packet, whether compressed or not; one without a Content-Length is always compressed. */
const minimumBytes = 1024;

/** gzip for a location of nginx. It is also for proxies in front (`any`), as HAProxy's. nginx itself knows text/html. */
export function nginxCompression({ compression = false }: Route): string[] {
  if (!compression) return [];
  return [
    "gzip on;",
    `gzip_types ${compressedTypes.filter((type) => type !== "text/html").join(" ")};`,
    `gzip_min_length ${String(minimumBytes)};`,
    "gzip_proxied any;",
    "gzip_vary on;",
  ];
}

/** The same for a backend of HAProxy, which has no minimum before 3.2. Its own `Vary` is on compressed responses alone. */
export function haproxyCompression({ compression = false }: Route): string[] {
  if (!compression) return [];
  return [
    "compression algo gzip",
    `compression type ${compressedTypes.join(" ")}`,
    `acl compressed_type res.hdr(content-type) -i -m beg ${compressedTypes.join(" ")}`,
    "acl varies res.hdr(vary) -i -m sub accept-encoding",
    "http-response add-header Vary Accept-Encoding if compressed_type !varies !{ res.hdr(content-encoding) -m found }",
  ];
}
