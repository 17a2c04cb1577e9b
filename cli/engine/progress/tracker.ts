import { duration } from "../../report/reporter";
import type { EngineEvent } from "./events";
import { phraseOf, waitsFor } from "./names";

/** An operation that takes this long gets a line, and another when it is done. */
const longSeconds = 10;

/** How often one that waits gets a line with its reason. */
const reasonSeconds = 60;

/** Labels of operations; others are not shown. */
const verbs: Readonly<Record<string, string>> = {
  create: "created",
  "create-replacement": "created",
  update: "updated",
  delete: "deleted",
  "delete-replaced": "deleted",
  refresh: "refreshed",
  read: "read",
  import: "imported",
};

/** Severities of messages that are shown at once; `info#err` is standard error of the program. */
const shown = ["error", "warning", "info", "info#err"];

/** Types that are not shown: components, and providers, which start at once. */
const isGroup = /^(pulumi|swarm-farm):/;

interface Running {
  readonly urn: string;
  readonly phrase: string;
  readonly since: number;
  /** Since when a line has said that it takes long; undefined: none has. */
  lineAt: number | undefined;
}

/** Turns the events of an update into lines. */
export class Tracker {
  private readonly running = new Map<string, Running>();
  private readonly messages = new Set<string>();
  /** Output of commands by URN, shown for those that fail. */
  private readonly printed = new Map<string, string[]>();
  private finished = 0;
  /** Texts of the errors that were among the lines. */
  readonly errors: string[] = [];

  /** @param now in milliseconds */
  constructor(private readonly now: () => number = Date.now) {}

  /** Lines that an event gives: none for most. */
  apply(event: EngineEvent): string[] {
    switch (event.kind) {
      case "began":
        if (event.op in verbs && !isGroup.test(event.type))
          this.running.set(event.urn, {
            urn: event.urn,
            phrase: phraseOf(event.urn, event.type),
            since: this.now(),
            lineAt: undefined,
          });
        return [];
      case "done":
        return this.end(event.urn, "✓", verbs[event.op] ?? "done");
      case "failed":
        return [...(this.printed.get(event.urn) ?? []), ...this.end(event.urn, "✗", "failed", true)];
      case "message":
        return this.message(event);
      case "summary":
        return [summaryLine(event)];
    }
  }

  /** Lines for operations that have become slow. @param reasons why a resource is not done, by its URN */
  takingLong(reasons: ReadonlyMap<string, string> = new Map()): string[] {
    return [...this.running.values()].flatMap((running) => {
      const { urn, phrase, since, lineAt } = running;
      const reason = reasons.get(urn);
      const isDue =
        lineAt === undefined
          ? this.now() - since >= longSeconds * 1000
          : reason !== undefined && this.now() - lineAt >= reasonSeconds * 1000;
      if (!isDue) return [];
      running.lineAt = this.now();
      const after = lineAt === undefined ? "" : ` after ${duration((running.lineAt - since) / 1000)}`;
      return [`… ${phrase}${after}${reason === undefined ? "" : ` (${reason})`}`];
    });
  }

  /** URNs of slow waits for services, with the service's resource name. */
  waitedFor(): ReadonlyMap<string, string> {
    const waits = [...this.running.values()].flatMap(({ urn, since }): [string, string][] => {
      const service = waitsFor(urn);
      return service !== undefined && this.now() - since >= longSeconds * 500 ? [[urn, service]] : [];
    });
    return new Map(waits);
  }

  /** The present operations in one line, the longest first. */
  current(reasons: ReadonlyMap<string, string> = new Map()): string {
    const all = [...this.running.values()].sort((a, b) => a.since - b.since);
    const texts = all.map(({ urn, phrase, since }) => {
      const reason = reasons.get(urn);
      return `${phrase} ${duration((this.now() - since) / 1000)}${reason === undefined ? "" : ` (${reason})`}`;
    });
    return `${String(this.finished)} done${texts.length > 0 ? `; ${texts.join(", ")}` : ""}`;
  }

  private end(urn: string, sign: string, verb: string, always = false): string[] {
    const running = this.running.get(urn);
    this.running.delete(urn);
    if (!running) return [];
    this.finished += 1;
    const took = (this.now() - running.since) / 1000;
    if (!always && took < longSeconds) return [];
    return [`${sign} ${running.phrase}: ${verb} after ${duration(took)}`];
  }

  /** Errors and warnings in full, once each. */
  private message({ severity, urn, text }: EngineEvent & { kind: "message" }): string[] {
    if (severity === "info" && urn !== "") {
      this.printed.set(urn, [...(this.printed.get(urn) ?? []), ...text.split("\n").map((line) => `  │ ${line}`)]);
      return [];
    }
    if (!shown.includes(severity)) return [];
    if (severity === "error") this.errors.push(text);
    const whole = urn === "" ? text : `${phraseOf(urn, urn.split("::").at(-2)?.split("$").at(-1) ?? "")}: ${text}`;
    if (text.trim() === "" || this.messages.has(whole)) return [];
    this.messages.add(whole);
    return whole.split("\n");
  }
}

function summaryLine({ seconds, changes }: EngineEvent & { kind: "summary" }): string {
  const words: Readonly<Record<string, string>> = { ...verbs, replace: "replaced", same: "unchanged" };
  // A replacement counts as one, beside its two steps.
  const parts = Object.entries(changes)
    .filter(([op, count]) => count > 0 && op in words && !op.includes("-replace"))
    .map(([op, count]) => `${String(count)} ${words[op] ?? op}`);
  return `${parts.length > 0 ? parts.join(", ") : "no changes"} in ${duration(seconds)}`;
}
