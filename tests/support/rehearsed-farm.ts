import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RehearsalBuilder } from "../../cli/rehearsal/rehearse";
import type { Context } from "../../cli/context/context";
import { FakeFarm } from "./fake-farm";
import { farmOutputs } from "./farm-outputs";

/** Answers of the nodes of the farm and of its rehearsal, in shell: cases of `$where:$node:$line`, before those that go well. */
interface Around {
  readonly answers?: string;
  /** The target of the backups. Default: a folder. */
  readonly to?: unknown;
  /** Further keys of `backups`. */
  readonly backups?: Readonly<Record<string, unknown>>;
  /** The output of curl. Default: 200 in 0.1 s */
  readonly route?: string;
}

const snapshots = [
  { time: "2026-11-29T02:31:05.123Z", short_id: "1a2b3c4d", tags: ["volume:uploads"] },
  { time: "2026-11-29T02:32:05.123Z", short_id: "5e6f7a8b", tags: ["dump:shop"] },
];

/** The state with a generated password, which Pulumi prints in clear. */
const state = {
  deployment: {
    resources: [
      {
        urn: "urn:pulumi:dev::swarm-farm::x::backups-credential",
        type: "swarm-farm:keys:Password",
        outputs: { username: "backups", password: { plaintext: '"right horse"' } },
      },
    ],
  },
};

/** A shell command that prints JSON without quotes of the shell's. */
function json(value: unknown): string {
  return `printf '%s\\n' '${JSON.stringify(value)}'`;
}

/** The farm `dev` of manager1, worker1 and worker2 with scheduled backups, of which worker1 has a volume and a database. `remove` it after the test. */
export class RehearsedFarm extends FakeFarm {
  /** The configuration of each `up` of the rehearsal, and whether it was to be ended. */
  readonly ups: string[] = [];

  constructor({ answers = "", to = { folder: "/mnt/backups" }, backups = {}, route = "200 0.1" }: Around = {}) {
    super();
    this.built(["manager1"], ["worker1", "worker2"]);
    const nodes = {
      manager1: { role: "manager", memoryMiB: 512 },
      worker1: { role: "worker", memoryMiB: 512 },
      worker2: { role: "worker" },
    };
    const dumps = { shop: { service: "shop_db", dump: "pg_dump", load: "psql" } };
    const keys = { nodes, hello: {}, backups: { to, volumes: ["uploads"], dumps, ...backups } };
    const lines = Object.entries(keys).map(([key, value]) => `  swarm-farm:${key}: ${JSON.stringify(value)}\n`);
    this.configure(`encryptionsalt: v1:salt\nconfig:\n${lines.join("")}`);
    this.program(
      "ssh",
      `while :; do case $1 in -F) config=$2; shift 2 ;; -o) shift 2 ;; *) break ;; esac; done
      node=$1; shift; line=$*
      case $config in *dev-rehearsal*) where=rehearsal ;; *) where=farm ;; esac
      did "$where:$node:$line"
      case $where:$node:$line in
        ${answers}
        farm:worker1:*backups\\ list) ${json(snapshots)} ;;
        farm:*:*backups\\ list) echo '[]' ;;
        farm:*:*backups\\ status) printf 'wants=volume:uploads\\nwants=dump:shop\\n' ;;
        rehearsal:*:*verify*) echo '4 of 4 files and folders' ;;
        rehearsal:*:*'service ps'*) echo 'worker1 shop_db.1.abc Running 2 minutes ago' ;;
        rehearsal:*:*' load '*) cat >"$here/loaded"; echo '1 of 1 lines, 10 of 10 bytes' ;;
        rehearsal:*:*' fetched '*) echo 'one order' ;;
        *tar*-c*) echo 'a repository' ;;
        *tar*-x*) cat >"$here/copied" ;;
      esac`,
    );
    const password = "s/readOnly: true/&\\n    password: { secure: v1:abc }/";
    this.programs({
      ip: "",
      curl: `echo '${route}'`,
      pulumi: `case "$*" in
        "stack export --show-secrets") ${json(state)} ;;
        "stack output --json") ${json({ ...farmOutputs, urls: { hello: "http://10.0.0.1:8080/" } })} ;;
        "config set"*) did "password $(cat)"; sed -i '${password}' Pulumi.dev-rehearsal.yaml
          grep -q ^encryptionsalt Pulumi.dev-rehearsal.yaml || sed -i '1a encryptionsalt: v1:new' Pulumi.dev-rehearsal.yaml ;;
        "stack rm"*) did "$*" ;;
        "stack ls --json") echo '[{ "name": "dev" }]' ;;
        *) exit 9 ;;
      esac`,
    });
  }

  /** Builds the rehearsal's farm by its files alone. @param work of each `up` */
  builder(work: (farm: Context) => Promise<void> = () => Promise.resolve()): RehearsalBuilder {
    return {
      initStack: () => Promise.resolve(),
      up: async (farm) => {
        this.ups.push(readFileSync(join(this.home, `Pulumi.${farm.stack}.yaml`), "utf8"));
        const folder = farm.folders.state.slice(this.home.length);
        this.write(join(folder, "ssh", "managers"), "manager1=10.77.0.11\n");
        for (const name of ["manager1", "worker1"]) this.write(join(folder, "ssh", `${name}.host`));
        this.write(join(folder, "ssh", "id_ed25519"));
        await work(farm);
      },
    };
  }

  /** Commands on nodes of the rehearsal. */
  get restored(): string[] {
    return this.done.filter((line) => line.startsWith("rehearsal:"));
  }
}
