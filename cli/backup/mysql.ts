import { shellQuote } from "../../infra/remote/shell";
import { mysqlClient, mysqlDump, mysqlDumpArguments } from "../../stacks/lamp/mysql-dump";
import { ask, type Farm } from "../nodes/ask";
import { anyManager, onNode } from "../nodes/ssh";
import type { Stage } from "../process/chain";
import { output } from "../process/run";

/** The service of the database. */
export const mysqlService = mysqlDump.service;

/** Docker's list of the service's tasks. */
const listSeconds = 60;

const countTables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'app'";

/** The running task of the database, where the client finds its socket and the password. */
export class Mysql {
  private constructor(
    private readonly farm: Farm,
    readonly node: string,
    private readonly container: string,
  ) {}

  /** @returns undefined where no task runs */
  static async find(farm: Farm): Promise<Mysql | undefined> {
    const format = shellQuote("{{.Node}} {{.Name}}.{{.ID}} {{.CurrentState}}");
    const list = `docker service ps ${mysqlService} --no-trunc --filter desired-state=running --format ${format}`;
    const { stdout } = await ask(farm, anyManager, list, { timeoutSeconds: listSeconds });
    const [node, container, state] = stdout.split("\n")[0]?.split(" ") ?? [];
    return node && container && state === "Running" ? new Mysql(farm, node, container) : undefined;
  }

  /** Prints the database as SQL. */
  dump(): Stage {
    return { argv: this.client(...mysqlDumpArguments) };
  }

  /** Runs the SQL that it reads; a dump replaces the database. */
  load(): Stage {
    return { argv: this.client("mysql") };
  }

  async tables(): Promise<number> {
    return Number(await output(this.client("mysql", "--batch", "--skip-column-names", "--execute", countTables)));
  }

  private client(...args: readonly string[]) {
    const script = shellQuote(mysqlClient());
    const quoted = args.map(shellQuote).join(" ");
    return onNode(this.farm, this.node, `docker exec -i ${shellQuote(this.container)} sh -c ${script} sh ${quoted}`);
  }
}
