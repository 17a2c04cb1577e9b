import { mkdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { repository } from "../../../infra/images/content";
import { phpStatus, statusPort } from "../../../stacks/lamp/php-status";
import { startFastCgi } from "../../support/fastcgi";
import { withTemp } from "../../support/proxy-program";
import { nginx, nginxFile, nginxFolder, startNginx, type Running } from "../../support/nginx";

const read = (...path: string[]) => readFileSync(join(repository, ...path), "utf8");

const image = ["stacks", "lamp", "images", "php"];

test("php's configuration is that of its image, at the same place, and the status page on a port of its own", () => {
  expect(phpStatus.content.toString()).toBe(
    `${read(...image, "php-fpm.conf")}; For the exporter of a farm that is monitored.
pm.status_path = /../status
pm.status_listen = ${String(statusPort)}
`,
  );
  expect(read(...image, "Containerfile")).toContain(`"--fpm-config", "${phpStatus.path}"`);
});

test("the exporter asks for the page that php has", () => {
  const source = read("apps", "exporter", "internal", "phpfpm", "collector.go");
  const path = /StatusPath = "(.+)"/.exec(source)?.[1] ?? "";
  expect(phpStatus.content.toString()).toContain(`pm.status_path = ${path}\n`);
});

(nginx === undefined ? describe.skip : describe)("the web server of lamp", () => {
  let php: Awaited<ReturnType<typeof startFastCgi>>;
  let web: Running;
  let socket = "";

  beforeAll(async () => {
    php = await startFastCgi();
    const folder = nginxFolder();
    socket = join(folder, "web.sock");
    mkdirSync(join(folder, "www"));
    const config = withTemp(read("stacks", "lamp", "content", "nginx", "nginx.conf"), folder)
      .replace("listen 8080", `listen unix:${socket}`)
      .replaceAll("/srv/www;", `${folder}/www;`)
      .replace("tasks.php:9000", `127.0.0.1:${String(php.port)}`)
      .replaceAll(/\/etc\/nginx\/(mime\.types|fastcgi_params)/g, (_, name: string) => nginxFile(name))
      .replace("/dev/stdout", "/dev/null")
      .replace("/dev/stderr", "stderr");
    web = await startNginx(nginx ?? "", config, folder, socket);
  });
  afterAll(async () => {
    await web.stop();
    await php.stop();
  });

  /** The answer to a path as it is, which no client library would send. */
  const answer = (path: string) =>
    new Promise<string>((resolve, reject) => {
      let text = "";
      const client = connect(socket, () => client.write(`GET ${path} HTTP/1.0\r\nHost: shop.example\r\n\r\n`));
      client.on("data", (data: Buffer) => (text += data.toString()));
      client.on("error", reject);
      client.on("close", () => {
        resolve(text);
      });
    });

  test("passes scripts on", async () => {
    expect(await answer("/index.php")).toContain('"SCRIPT_NAME":"/index.php"');
  });

  test.each([
    ...["/status", "/status?full", "/%73tatus", "//status", "/./status", "/x/../status"],
    ...[
      "/../status",
      "/%2e%2e/status",
      "/..%2fstatus",
      "//../status",
      "/x/../../status",
      "/.././status",
      "/x%2f..%2f../status",
    ],
    ...["/ping", "/%70ing", "//ping", "/../ping"],
  ])("passes none of php-fpm's own pages on: %s", async (path) => {
    const text = await answer(path);
    expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(text).not.toContain("SCRIPT_NAME");
  });
});
