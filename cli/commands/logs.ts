import { services } from "../../stacks/logs/services";
import { FarmError } from "../base/errors";
import { print } from "../base/print";
import type { CommandDefinition } from "../command-line/command";
import { follow, lastEntries } from "../logs/read";
import { secondsSince } from "../logs/query";
import { runningTask } from "../nodes/running-task";
import { writeSshFiles } from "../nodes/ssh-files";
import { knownSecrets } from "../secrets/known";
import { maskOf } from "../secrets/mask";

const defaults = { since: "1h", sinceFollowed: "10s", lines: "200" } as const;

/** More of them take more memory than the store has by default. */
const mostLines = 20_000;

/** `./farm logs`. */
export const logs: CommandDefinition = {
  name: "logs",
  summary: "output of tasks and journals of nodes, also of those that are gone",
  description:
    "Prints the entries that the farm has stored, oldest first: time, node, task or unit, message. Secrets of the farm are masked. The configuration needs 'swarm-farm:logs: {}'; without it './farm docker service logs SERVICE' has what the tasks still have.",
  arguments: [{ syntax: "[service]", description: "a service, or one of its tasks: hello, hello.2; default: all" }],
  options: [
    {
      flags: "--since <time>",
      description: `90s, 10m, 2h, 7d, or a time: 2026-11-29T20:00; default: ${defaults.since}, with -f ${defaults.sinceFollowed}`,
    },
    { flags: "-f, --follow", description: "go on with what comes, until Ctrl-C" },
    { flags: "--grep <pattern>", description: "messages that match a regular expression; (?i) ignores case" },
    { flags: "--node <node>", description: "those of one node" },
    { flags: "--unit <unit>", description: "the nodes' journals of a unit of systemd: docker" },
    { flags: "-n, --lines <count>", description: `the last of them, not with -f; default: ${defaults.lines}` },
  ],
  examples: [
    { line: "./farm logs", what: "the last of everything" },
    { line: "./farm logs lamp-php --since 2h --grep '(?i)error'", what: "errors of a service" },
    { line: "./farm logs --unit docker --node worker1", what: "the journal of a node's Docker" },
    { line: "./farm logs -f hello", what: "a service as it prints" },
  ],
  interrupted: "",
  async run(context, { arguments: [service], options }) {
    const text = (name: string) => (typeof options[name] === "string" ? options[name] : undefined);
    const follows = options.follow === true;
    if (follows && text("lines") !== undefined)
      throw new FarmError("--lines cannot be with --follow: --since says where it begins", 2);
    const lines = linesOf(text("lines") ?? defaults.lines);
    const since = text("since") ?? (follows ? defaults.sinceFollowed : defaults.since);
    const query = { service, node: text("node"), unit: text("unit"), grep: text("grep") };
    const reading = { ...query, sinceSeconds: secondsSince(since, new Date()) };
    await writeSshFiles(context);
    const [store, secrets] = await Promise.all([runningTask(context, services.store.name), knownSecrets(context)]);
    if (!store)
      throw new FarmError(
        `the farm stores no logs: add swarm-farm:logs: {} to Pulumi.${context.stack}.yaml, then ./farm up; if it is there: ./farm docker service ps ${services.store.name}`,
      );
    const mask = maskOf([...secrets].flatMap(linesOfSecret));
    const show = (line: string) => {
      print(mask(line));
    };
    if (follows) await follow(context, store, reading, show);
    else (await lastEntries(context, store, { ...reading, lines })).forEach(show);
  },
};

function linesOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= mostLines) return Number(text);
  throw new FarmError(`--lines ${text}: is no number from 1 to ${String(mostLines)}`, 2);
}

/**
 * A secret, and what of a file with several lines can be printed alone: lines of one word, and the values of `NAME=value`. Sentences of a
 * configuration that is secret as a whole are in other texts, too.
 */
function linesOfSecret(secret: string): string[] {
  const lines = secret.split("\n").map((line) => line.trim());
  const words = lines.filter((line) => !/\s/.test(line));
  const values = lines.flatMap((line) => /^[A-Za-z_]\w*=["']?(.*?)["']?$/.exec(line)?.slice(1) ?? []);
  return [secret, ...(lines.length > 1 ? [...words, ...values].filter(({ length }) => length >= 8) : [])];
}
