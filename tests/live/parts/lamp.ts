import { addresses, containerOf, origin, type TestFarm } from "../farm";
import { until } from "../until";

/** Content of the application's page. */
interface Page {
  readonly visits: number;
  readonly node: string;
  readonly task: string;
  readonly client: string;
}

/** The LAMP stack behind its load balancer, on a farm that is up. */
export function lampTests(farm: TestFarm): void {
  const page = async (url = `${origin}/`): Promise<Page> => pageOf(await farm.curl([url]));

  test("the application answers on every node under the farm's own certificate, and counts every visit", async () => {
    const first = await page();
    for (const [i, address] of Object.values(addresses).entries())
      expect((await page(`https://${address}/`)).visits).toBe(first.visits + i + 1);
  });

  test("requests are spread over both php tasks, and the client's own address arrives", async () => {
    const pages = [];
    // Each task is as likely as the other.
    for (let i = 0; i < 16; i++) pages.push(await page());
    expect(new Set(pages.map(({ task }) => task)).size).toBe(2);
    // The namespace is the nodes' gateway: nothing between it and the balancer may put its own address there.
    expect(new Set(pages.map(({ client }) => client))).toEqual(new Set(["10.77.0.1"]));
  });

  test("plain HTTP is sent to HTTPS, a stranger's certificate is not trusted, and HTTP/2 is spoken", async () => {
    expect(
      await farm.curl(["-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", `http://${addresses.manager1}/a?b=c`]),
    ).toBe(`308 ${origin}/a?b=c`);
    expect(await farm.curl(["-o", "/dev/null", "-w", "%{http_version}", `${origin}/style.css`])).toBe("2");
    const untrusted = await farm.tryCurl([`${origin}/`]);
    expect(untrusted.output).toMatch(/certificate/i);
  });

  test("hello is behind it too, by its path", async () => {
    expect(await farm.curl([`${origin}/hello/`])).toContain("hello from");
  });

  test("the count survives php and mysql being killed, and the loss of the file that says that the data is ready", async () => {
    const before = await page();
    const mysql = containerOf("lamp-mysql");
    await farm.ok(["ssh", before.node, `docker kill ${containerOf("lamp-php")}`]);
    await farm.ok(["ssh", "worker3", `docker exec ${mysql} rm /var/lib/mysql/ready && docker kill ${mysql}`]);
    expect((await counted(page)).visits).toBe(before.visits + 1);
  });

  test("a database that falls silent in the middle of a connection is asked again when it is back", async () => {
    const before = await page();
    const onDatabase = (script: string) => farm.ok(["ssh", "worker3", `${silentDatabase}${script}`]);
    // It accepts connections and does not answer, as an unplugged node; it is killed without a reset.
    await onDatabase("in_net iptables -A OUTPUT -p tcp --sport 3306 -m length --length 100: -j DROP");
    const request = page();
    // Its failure is for the last line, also when it comes before.
    request.catch(() => undefined);
    await onDatabase(
      `timeout 50 sh -c 'until nsenter --net=/proc/'$pid'/ns/net ss -Hnt state established sport = :3306 | grep -q .; do sleep 0.2; done'
      in_net iptables -I OUTPUT -j DROP; docker kill $task`,
    );
    expect((await counted(page, request)).visits).toBe(before.visits + 1);
  });

  test("mysql runs where its data is, php on workers, and only php reaches mysql", async () => {
    const on = (service: string) => farm.runningTasks(service, "{{.Node}}");
    expect(await on("lamp-mysql")).toEqual(["worker3"]);
    for (const node of await on("lamp-php")) expect(node).toMatch(/^worker/);
    const networks = async (service: string) =>
      farm.docker("service", "inspect", service, "-f", "{{len .Spec.TaskTemplate.Networks}}");
    expect([await networks("lamp-nginx"), await networks("lamp-php"), await networks("lamp-mysql")]).toEqual([
      "2",
      "3",
      "1",
    ]);
  });

  test("large headers pass in both directions, and php-fpm's own pages are not public", async () => {
    const status = (...args: string[]) => farm.curl(["-o", "/dev/null", "-w", "%{http_code}", ...args]);
    expect(await status("-H", `X-Large: ${"x".repeat(20_000)}`, `${origin}/`)).toBe("200");
    for (const path of ["/status?full", "/ping", "/%70ing", "//ping"])
      expect([path, await status("--path-as-is", `${origin}${path}`)]).toEqual([path, "404"]);
    for (const path of ["/../status", "/%2e%2e/status"])
      expect([path, await status("--path-as-is", `${origin}${path}`)]).toEqual([path, "400"]);
  });

  test("./farm docker service logs shows php's requests", async () => {
    expect(await farm.docker("service", "logs", "--tail", "20", "lamp-nginx")).toContain("GET /");
  });
}

/**
 * The page as it counts the visit after mysql was lost. On a slow machine mysql needs longer than php waits for it: then
 * the page says so, counts nothing, and is asked again.
 */
function counted(page: () => Promise<Page>, request = page()): Promise<Page> {
  const first = [request];
  return until("mysql to answer again", () => first.pop() ?? page(), 240_000);
}

/** In a shell of mysql's node: its task's container, and what runs a command in the container's network. */
const silentDatabase = `set -e
  task=${containerOf("lamp-mysql")}
  pid=$(docker inspect -f '{{.State.Pid}}' $task)
  in_net() { nsenter --net=/proc/$pid/ns/net "$@"; }
`;

/** Reads the application's page. */
export function pageOf(html: string): Page {
  const text = (id: string) => new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1] ?? "";
  if (text("visits") === "") throw new Error(`this is not the application's page:\n${html}`);
  return { visits: Number(text("visits")), node: text("node"), task: text("task"), client: text("client") };
}
