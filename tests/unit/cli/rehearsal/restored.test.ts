import { spawnSync } from "node:child_process";
import { Readable } from "node:stream";
import type { Backup } from "../../../../cli/backup/backup-file";
import { chain } from "../../../../cli/process/chain";
import { rehearsalContext } from "../../../../cli/rehearsal/farm";
import { compared, load, loadFile, readerOf } from "../../../../cli/rehearsal/restored";
import { RehearsedFarm } from "../../../support/rehearsed-farm";

let farm: RehearsedFarm;

afterEach(() => {
  farm.remove();
});

const snapshot = { node: "worker1", id: "5e6f7a8b", kind: "dump", name: "shop", time: "2026-11-29T02:32:05Z" } as const;
const text = "CREATE TABLE orders;\nINSERT INTO orders;\n-- Dump completed on 2026-11-29\n";

/** A backup's file with a database. */
const archive: Backup = {
  file: "/backups/night.backup",
  manifest: {
    ...{ stack: "dev", date: "2026-11-29T02:00:00Z", node: "manager1", nodes: [], cluster: "c", docker: "26.1" },
    parts: { "mysql.sql": "sum" },
  },
  has: (part) => part === "mysql.sql",
  read: async (_, stages, sink) => chain(Readable.from([text]), [{ argv: ["cat"] }, ...stages], sink),
};

async function rehearsal(answers: string) {
  farm = new RehearsedFarm({ answers });
  const context = rehearsalContext(farm.context());
  await farm.builder().up({ ...context, stack: "dev" });
  return context;
}

test("a snapshot is read by the node of its name, else by the first", async () => {
  const context = await rehearsal("");
  expect([snapshot, { ...snapshot, node: "worker2" }].map((each) => readerOf(context, each))).toEqual([
    "worker1",
    "manager1",
  ]);
  expect(() => readerOf(farm.context({ stack: "none" }), snapshot)).toThrow("has no nodes");
});

test("a dump that the configuration does not have by now is named", async () => {
  const context = await rehearsal("");
  await expect(load(context, snapshot, {})).rejects.toThrow(
    "the configuration has no dump 'shop' by now: backups.dumps.shop",
  );
});

test("the database of a file is loaded, and dumped again to compare it", async () => {
  const dumped = (lines: string) => `
    rehearsal:*:*'node ls'*) ;;
    rehearsal:*:*'service ps'*) echo 'worker1 lamp-mysql.1.abc Running 2 minutes ago' ;;
    rehearsal:*:*mysqldump*) printf '${lines.replaceAll("\n", "\\n")}' ;;
    rehearsal:*:*COUNT*) echo 1 ;;
    rehearsal:*:*'docker exec'*) cat >"$here/loaded" ;;`;
  const context = await rehearsal(dumped(text));
  await expect(loadFile(context, archive)).resolves.toBe(
    `3 of 3 lines, ${String(text.length)} of ${String(text.length)} bytes`,
  );
  expect(spawnSync("cat", [`${farm.home}/loaded`], { encoding: "utf8" }).stdout).toBe(text);
  farm.remove();
  await expect(loadFile(await rehearsal(dumped("CREATE TABLE orders;\n")), archive)).rejects.toThrow(
    "less than what was loaded",
  );
});

test.each<[[number, number], [number, number], boolean]>([
  [[10, 1000], [10, 1000], true],
  [[11, 1010], [10, 1000], true],
  [[10, 990], [10, 1000], true],
  [[9, 1000], [10, 1000], false],
  [[10, 989], [10, 1000], false],
])("%j lines and bytes of %j are enough: %p", (found, wanted, isEnough) => {
  const compare = () => compared(found, wanted);
  if (isEnough) expect(compare()).toContain(`of ${String(wanted[0])} lines`);
  else expect(compare).toThrow("less than what was loaded");
});
