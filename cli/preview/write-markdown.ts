/**
 * Run by `./farm preview --markdown FILE` after the preview: tells it in Markdown, for a comment on a pull request.
 * Reads what `pulumi stack export --show-secrets` prints from standard input, to be sure that none of it is told.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { changesOf } from "./preview/changes";
import { parseEvents } from "./preview/events";
import { failureText, previewText } from "./preview/markdown";
import { hiding } from "./preview/secrets";
import type { Json } from "./preview/values";

const { values: options } = parseArgs({
  options: {
    /** The file to write. */
    to: { type: "string" },
    stack: { type: "string" },
    /** The folder with `events`, the engine's log, and `said`, what was said where a person reads it. */
    from: { type: "string" },
    /** How the preview ended. */
    status: { type: "string" },
  },
});

function main({ to = "", stack = "dev", from = "", status = "0" }: typeof options): void {
  const hide = hiding(stateOf(readFileSync(0, "utf8")), environmentSecrets());
  const { steps, errors } = parseEvents(contentOf(`${from}/events`));
  if (status === "0") {
    const changes = changesOf(steps, hide);
    const urns = new Set(steps.map(({ urn }) => urn));
    writeFileSync(to, previewText(stack, changes, urns.size - changes.length));
  } else {
    // Without an engine it is setup or the command line that failed.
    const messages = errors.length > 0 ? errors : [contentOf(`${from}/said`)];
    writeFileSync(to, failureText(stack, messages.map(hide)));
  }
}

/** A stack that was never deployed has no state. */
function stateOf(text: string): Json {
  return text.trim() === "" ? {} : (JSON.parse(text) as Json);
}

function contentOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function environmentSecrets(): string[] {
  const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE, PULUMI_ACCESS_TOKEN } = process.env;
  return [
    PULUMI_CONFIG_PASSPHRASE ?? "",
    PULUMI_CONFIG_PASSPHRASE_FILE ? contentOf(PULUMI_CONFIG_PASSPHRASE_FILE) : "",
    PULUMI_ACCESS_TOKEN ?? "",
  ];
}

main(options);
