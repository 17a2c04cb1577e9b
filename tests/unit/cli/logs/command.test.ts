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

/** The store's task is on worker1, whose answer this is; the query comes by standard input, the rest in the script. */
function stored(answer: string, status = 0): void {
  farm.ssh(`case $line in
"docker service ps"*) echo "worker1 logs-store.1.abc Running 3 minutes ago" ;;
*) did "$node $(cat) $(echo "$line" | grep -oE "ENDPOINT=[a-z]+|ARGUMENT='[^']*'|CONTAINER=[a-z0-9.-]+" | tr '\\n' ' ')"
${printing(answer)}
exit ${String(status)} ;; esac`);
}

const run = (service: readonly string[] = [], options = {}) =>
  printed(() => logs.run(farm.context(), { arguments: service, options }));

test("prints the last entries, oldest first", async () => {
  stored(`${entry(2, "two")}\n${entry(1, "one")}\n`);
  expect(await run(["hello"], { since: "2h", lines: "10" })).toBe(
    "2026-11-29T20:00:01Z worker1 hello.1 | one\n2026-11-29T20:00:02Z worker1 hello.1 | two\n",
  );
  expect(farm.done).toEqual([
    expect.stringMatching(
      /^worker1 _time:7200s attrs\.tag:="hello\."\* \| sort by \(_time\) desc limit 10 .*CONTAINER=logs-store\.1\.abc/,
    ),
  ]);
  expect(farm.done[0]).toContain("ENDPOINT=query");
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
  expect(farm.done[0]).toContain("_time:3600s * | sort by (_time) desc limit 200");
});

test("masks what the farm knows to be secret", async () => {
  farm.program(
    "pulumi",
    `case $* in *config*) echo '{"a:b":{"value":"hunter2-hunter2","secret":true}}' ;; *) echo '{}' ;; esac`,
  );
  stored(`${entry(1, "login with hunter2-hunter2 and SWMTKN-1-abcdef")}\n`);
  expect(await run()).toContain("| login with [secret] and [secret]\n");
});

test("hands on what the store says of a query", async () => {
  stored('cannot parse query [_msg:~"("]: error parsing regexp: missing closing )', 22);
  await expect(run([], { grep: "(" })).rejects.toThrow(
    /^the store of the logs: cannot parse query .*missing closing \)$/,
  );
});

test("says what to do where nothing is stored", async () => {
  farm.ssh("exit 1");
  await expect(run()).rejects.toThrow(
    "the farm stores no logs: add swarm-farm:logs: {} to Pulumi.dev.yaml, then ./farm up",
  );
});

test.each(["0", "-1", "many", "1e3", "1000000"])("refuses %s lines before a node is asked", async (lines) => {
  farm.program("ssh");
  await expect(run([], { lines })).rejects.toThrow(`--lines ${lines}: is no number from 1 to 999999`);
  expect(farm.calls).toEqual([]);
});

test("follows until it is interrupted, which ends the program on the node", async () => {
  const controller = new AbortController();
  farm.ssh(`case $line in
"docker service ps"*) echo "worker1 logs-store.1.abc Running 3 minutes ago" ;;
*) read -r query
${printing(`${entry(1, "one")}\n`)}
cat
did "$query ended" ;; esac`);
  const text = printed(() =>
    logs.run(farm.context({ signal: controller.signal }), { arguments: [], options: { follow: true } }),
  );
  setTimeout(() => {
    controller.abort();
  }, 500);
  expect(await text).toBe("2026-11-29T20:00:01Z worker1 hello.1 | one\n");
  expect(farm.done).toEqual(["* ended"]);
});
