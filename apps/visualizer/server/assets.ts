import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** A file of the page, ready to be sent. */
export interface Asset {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page's files by path, read once: the server opens no file at a viewer's word. */
export function readAssets(folder: string): ReadonlyMap<string, Asset> {
  const assets = readdirSync(folder).flatMap((name): [string, Asset][] => {
    const type = types[extname(name)];
    if (!type) return [];
    const plain = Uint8Array.from(readFileSync(join(folder, name)));
    const gzipped = Uint8Array.from(gzipSync(plain, { level: 9 }));
    return [[name === "index.html" ? "/" : `/${name}`, { type, plain, gzipped }]];
  });
  return new Map(assets);
}
