import { behindProxy, exchange } from "../../support/reverse-proxy";
import { startFastCgi } from "../../support/fastcgi";
import { bytesOf, get, kinds } from "../../support/requests";

/** Variables that php receives of a request, for paths below the routes / and /shop/. */
const rows: readonly (readonly [path: string, script: string, query: string])[] = [
  ["/", "/index.php", ""],
  ["/index.php", "/index.php", ""],
  ["/a/b?x=%2F&y", "/index.php", "x=%2F&y"],
  ["/a%2Fb%20c", "/index.php", ""],
  ["/admin/login.php?next=/a.php", "/admin/login.php", "next=/a.php"],
  ["/a.php/b", "/index.php", ""],
  ["/a%2Ephp", "/a.php", ""],
  ["/a%20b.php", "/a b.php", ""],
  ["/shop/", "/index.php", ""],
  ["/shop/cart?item=1", "/index.php", "item=1"],
  ["/shop/pay.php?x=1", "/pay.php", "x=1"],
];

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startFastCgi, (port) => {
    const target = { kind: "fastcgi", root: "/srv/www", service: "php", port } as const;
    const routes = ["/", "/shop/"].map((path, i) => ({ name: `app${String(i)}`, path, target }));
    return { httpsPort: 443, routes };
  });

  const paramsOf = async (path: string, host = "shop.example:8443") => {
    const { body } = await exchange(front.proxy.port, bytesOf(get(path, { host })));
    return JSON.parse(/\{.*\}/s.exec(body)?.[0] ?? "{}") as Record<string, string>;
  };

  front.available.each(rows)("php sees the URI of the client: %s", async (path, script, query) => {
    // HAProxy leaves out a parameter without a value.
    expect({ QUERY_STRING: "", ...(await paramsOf(path)) }).toMatchObject({
      REQUEST_URI: path,
      SCRIPT_NAME: script,
      DOCUMENT_URI: script,
      QUERY_STRING: query,
      SCRIPT_FILENAME: `/srv/www${script}`,
    });
  });

  front.available("php sees its own folder and the name that was asked for", async () => {
    expect(await paramsOf("/")).toMatchObject({
      DOCUMENT_ROOT: "/srv/www",
      SERVER_NAME: "shop.example",
      HTTP_HOST: "shop.example:8443",
      HTTPS: "on",
      REQUEST_SCHEME: "https",
    });
  });
});
