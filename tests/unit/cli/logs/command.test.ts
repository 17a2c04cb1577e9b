import { logs } from "../../../../cli/commands/logs";
import { FakeFarm, printed, printing } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm({ pulumi: "echo '{}'" }).built(["manager1"], ["worker1"]);
});

afterEach(() => {
  farm.remove();
});

const entry = (second: number, message: string) =>
  JSON.stringify({
    _time: `2026-11-29T20:00:0${String(second)}.5Z`,
    _msg: message,
    node: "worker1",
    "attrs.tag": "hello.1.x",
  });

/** Docker's list has the store's task on worker1, and the rest is what happens there. */
function onStore(body: string): void {
  const list = 'echo "worker1 logs-store.1.abc Running 3 minutes ago"';
  farm.ssh(`case $line in "docker service ps"*) ${list} ;; *)\n${body}\n;; esac`);
}

/** The store's answer. */
function stored(answer: string, status = 0): void {
  const words = `$(echo "$line" | grep -oE "ENDPOINT=[a-z]+|CONTAINER=[a-z0-9.-]+" | tr '\\n' ' ')`;
  onStore(`did "$node $(cat) ${words}"\n${printing(answer)}\nexit ${String(status)}`);
}

/** The parameters of the request. */
const parameters = () => new URLSearchParams(farm.done[0]?.split(" ")[1]);

const run = (service: readonly string[] = [], options = {}) =>
  printed(() => logs.run(farm.context(), { arguments: service, options }));

test("prints the last entries, oldest first", async () => {
  stored(`${entry(2, "two")}\n${entry(1, "one")}\n`);
  expect(await run(["hello"], { since: "2h", lines: "10" })).toBe(
    "2026-11-29T20:00:01Z worker1 hello.1 | one\n2026-11-29T20:00:02Z worker1 hello.1 | two\n",
  );
  expect(farm.done[0]).toMatch(/^worker1 .*CONTAINER=logs-store\.1\.abc ENDPOINT=query/);
  expect(parameters().get("query")).toMatch(
    /^_time:7200s attrs\.tag:="hello\."\* \| sort by \(_time\) desc limit 10 \| /,
  );
});

test("an entry that was stored twice is printed once; two with one message are two", async () => {
  stored(`${entry(2, "again")}\n${entry(1, "again")}\n${entry(1, "again")}\n`);
  expect(await run()).toBe(
    "2026-11-29T20:00:01Z worker1 hello.1 | again\n2026-11-29T20:00:02Z worker1 hello.1 | again\n",
  );
});

test("nothing that matches is nothing printed", async () => {
  stored("");
  expect(await run()).toBe("");
  expect(parameters().get("query")).toContain("_time:3600s * | sort by (_time) desc limit 200");
});

test.each([
  ["hunter2-hunter2", "login with hunter2-hunter2 and SWMTKN-1-abcdef", "login with [secret] and [secret]"],
  [
    "DB_USER=shop\nDB_PASSWORD='correct horse'\n",
    "password: correct horse, user: shop",
    "password: [secret], user: shop",
  ],
  ["mode http\nuser x password longpassword1\nlongword1\n", "mode http, longword1", "mode http, [secret]"],
])("masks what the farm knows to be secret: %j", async (value, message, shown) => {
  const config = JSON.stringify({ "a:b": { value, secret: true } });
  farm.program("pulumi", `case $* in *config*) ${printing(config)}\n;; *) echo '{}' ;; esac`);
  stored(`${entry(1, message)}\n`);
  expect(await run()).toContain(`| ${shown}\n`);
});

test("hands on what the store says of a query", async () => {
  stored('cannot parse query [_msg:~"("]: error parsing regexp: missing closing )', 22);
  await expect(run([], { grep: "(" })).rejects.toThrow(
    /^the store of the logs: cannot parse query .*missing closing \)$/,
  );
});

test("says what to do where nothing is stored, and that no manager answers", async () => {
  farm.ssh("echo 'no such service: logs-store' >&2; exit 1");
  await expect(run()).rejects.toThrow(
    "the farm stores no logs: add swarm-farm:logs: {} to Pulumi.dev.yaml, then ./farm up",
  );
  farm.ssh("echo 'Connection refused' >&2; exit 255");
  await expect(run()).rejects.toThrow("no manager says where 'logs-store' runs: Connection refused");
});

test.each([
  [{ lines: "0" }, "--lines 0: is no number from 1 to 20000"],
  [{ lines: "many" }, "--lines many: is no number from 1 to 20000"],
  [{ lines: "1e3" }, "--lines 1e3: is no number from 1 to 20000"],
  [{ lines: "20001" }, "--lines 20001: is no number from 1 to 20000"],
  [{ lines: "5", follow: true }, "--lines cannot be with --follow: --since says where it begins"],
  [{ since: "soon" }, "--since soon: is no time"],
])("refuses %j before a node is asked", async (options, message) => {
  farm.program("ssh");
  await expect(run([], options)).rejects.toThrow(message);
  expect(farm.calls).toEqual([]);
});

describe("--follow", () => {
  const following = (signal: AbortSignal) =>
    printed(() => logs.run(farm.context({ signal }), { arguments: [], options: { follow: true } }));

  test("goes on until it is interrupted, which ends the program on the node", async () => {
    const controller = new AbortController();
    onStore(`read -r query\n${printing(`${entry(1, "one")}\n`)}\ncat\ndid "$query ended"`);
    const text = following(controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 500);
    expect(await text).toBe("2026-11-29T20:00:01Z worker1 hello.1 | one\n");
    expect(farm.done).toEqual(["query=*&start_offset=10s&offset=15s ended"]);
  });

  test("says so if the store ends", async () => {
    onStore("read -r query; exit 0");
    await expect(following(new AbortController().signal)).rejects.toThrow(
      "the store of the logs ended; ./farm logs -f again once it runs: ./farm docker service ps logs-store",
    );
  });
});
