import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Context } from "../context";
import { changesOf } from "./changes";
import { parseEvents } from "./events";
import { failureText, previewText } from "./markdown";
import { hiding } from "./secrets";
import { serviceNotes } from "./services";
import type { Json } from "./values";

/** What a preview left. */
export interface Ended {
  /** The event log; of a preview that failed before the engine began there is none. */
  readonly events: string;
  /** What `pulumi stack export --show-secrets` prints, so that none of it is shown; empty for a stack that has no state. */
  readonly state: string;
  /** Why it failed, as far as the event log does not say; undefined where it did not fail. */
  readonly failure?: string | undefined;
  /** Whether the docker plugin sends environment variables in one order. */
  readonly sortsEnv: boolean;
}

/**
 * The preview in Markdown, for a comment on a pull request.
 *
 * @param environment its passphrase and access token are kept out of the text too
 */
export function markdownOf(
  stack: string,
  environment: Context["environment"],
  { events, state, failure, sortsEnv }: Ended,
): string {
  const secrets = state.trim() === "" ? {} : (JSON.parse(state) as Json);
  const hide = hiding(secrets, environmentSecrets(environment));
  const { steps, errors } = parseEvents(events);
  // Without an engine it is setup or the command line that failed.
  if (failure !== undefined) return failureText(stack, (errors.length > 0 ? errors : [failure]).map(hide));
  const changes = changesOf(steps, hide);
  const urns = new Set(steps.map(({ urn }) => urn));
  return previewText(stack, changes, urns.size - changes.length, serviceNotes(steps, sortsEnv, hide));
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
