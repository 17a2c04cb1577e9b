import { parseArgs } from "node:util";
import { connections, requests, type Case, type Figure } from "./measure";
import { startAll } from "./subjects";
import { tables } from "./table";

const cases: readonly Case[] = [
  requests("/small", 1),
  requests("/small", 50),
  requests("/small", 500),
  // Two of nginx' 2,048 for each. HAProxy has 512 connections of one client, which wrk is.
  { ...requests("/small", 900), without: /^haproxy/ },
  requests("/large", 10),
  connections("new"),
  connections("reuse"),
];

/** Measures each case on each subject in turn, so that what slows the machine down for a while slows all of them down. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: "string", default: "5" }, seconds: { type: "string", default: "4" } },
  });
  const subjects = await startAll();
  const figures = new Map<string, Map<string, Figure[]>>();
  try {
    for (let run = 1; run <= Number(values.runs); run += 1)
      for (const each of cases)
        for (const { name, url } of subjects) {
          if ((each.isTls && !url.startsWith("https:")) || each.without?.test(name)) continue;
          process.stderr.write(`run ${String(run)}: ${each.name}: ${name}\n`);
          const ofCase = figures.get(each.name) ?? new Map<string, Figure[]>();
          figures.set(
            each.name,
            ofCase.set(name, [...(ofCase.get(name) ?? []), await each.measure(url, Number(values.seconds))]),
          );
        }
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
  console.log(tables(figures));
}

void main();
