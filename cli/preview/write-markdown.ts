import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Context } from "../context/context";
import { changesOf } from "./changes";
import { parseEvents } from "./events";
import { failureText, previewText } from "./markdown";
import { hiding } from "./secrets";
import { serviceNotes } from "./services";
import type { Json } from "./values";

/** The files and errors of a preview. */
export interface Ended {
  /** The event log; absent if the preview failed before the engine started. */
  readonly events: string;
  /** The output of `pulumi stack export --show-secrets`, whose secrets are masked; empty for a Pulumi stack without state. */
  readonly state: string;
  /** Errors that are not in the event log; undefined if it did not fail. */
  readonly failure?: string | undefined;
  /** Whether the docker plugin sends environment variables in one order. */
  readonly sortsEnv: boolean;
}

/**
 * The preview in Markdown, for a comment on a pull request.
 *
 * @param environment its passphrase and access token are masked too
 */
export function markdownOf(
  stack: string,
  environment: Context["environment"],
  { events, state, failure, sortsEnv }: Ended,
): string {
  const secrets = state.trim() === "" ? {} : (JSON.parse(state) as Json);
  const hide = hiding(secrets, environmentSecrets(environment));
  const { steps, errors, warnings } = parseEvents(events);
  // Without events, setup or the command line failed.
  if (failure !== undefined) return failureText(stack, (errors.length > 0 ? errors : [failure]).map(hide));
  const changes = changesOf(steps, hide);
  const urns = new Set(steps.map(({ urn }) => urn));
  const notes = [...warnings.map(hide), ...serviceNotes(steps, sortsEnv, hide)];
  return previewText(stack, changes, urns.size - changes.length, notes);
}

/** Writes it. */
export function writeMarkdown(file: string, stack: string, environment: Context["environment"], ended: Ended): void {
  writeFileSync(file, markdownOf(stack, environment, ended));
}

function environmentSecrets(environment: Context["environment"]): string[] {
  const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE, PULUMI_ACCESS_TOKEN } = environment;
  const file = PULUMI_CONFIG_PASSPHRASE_FILE ?? "";
  return [
    PULUMI_CONFIG_PASSPHRASE ?? "",
    existsSync(file) ? readFileSync(file, "utf8") : "",
    PULUMI_ACCESS_TOKEN ?? "",
  ];
}
