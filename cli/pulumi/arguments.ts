/** Short flags without values, after one hyphen. */
const switches = /^-[defjryQ]+$/;

/** Flags of `up` alone that take a value in the next argument, or that concern its result. */
const ofUpdate = ["--secrets-provider", "--plan"];

/** Whether arguments of `pulumi` request a refresh, in any form; the last one counts. */
export function asksForRefresh(args: readonly string[]): boolean {
  return args.reduce((requested, arg) => {
    if (arg === "--refresh" || /^(--refresh|-r)=[tT1]/.test(arg)) return true;
    if (/^(--refresh|-r)=/.test(arg)) return false;
    return requested || (switches.test(arg) && arg.includes("r"));
  }, false);
}

/** The arguments without those that request a refresh. */
export function withoutRefresh(args: readonly string[]): string[] {
  return args.flatMap((arg) => {
    if (arg === "--refresh" || /^(--refresh|-r)=/.test(arg)) return [];
    const rest = switches.test(arg) ? arg.replaceAll("r", "") : arg;
    return rest === "-" ? [] : [rest];
  });
}

/** Flags with which an update is of some resources, by a plan, or of another stack, configuration or program. */
const narrowing = /^(--(target|exclude|plan|stack|config-file|cwd)(-.*)?(=|$)|-[defjryQ]*[tsC])/;

/** Whether arguments of `pulumi` leave its command to be of the whole farm, as it is configured. */
export function isOfAll(args: readonly string[]): boolean {
  return !args.some((arg) => narrowing.test(arg));
}

/** Whether arguments of `pulumi` suppress questions. */
export function asksNothing(args: readonly string[]): boolean {
  return args.reduce((yes, arg) => {
    if (arg === "--yes" || /^--yes=[tT1]/.test(arg)) return true;
    if (arg.startsWith("--yes=")) return false;
    return yes || (switches.test(arg) && arg.includes("y"));
  }, false);
}

/** The file of `--event-log`, if given; the last one counts. */
export function eventLogOf(args: readonly string[]): string | undefined {
  const at = args.findLastIndex((arg) => /^--event-log(=|$)/.test(arg));
  const flag = args[at];
  return flag === "--event-log" ? args[at + 1] : flag?.slice("--event-log=".length);
}

/** The arguments of a guarded update, and of the preview before it. */
export interface Guarded {
  readonly preview: readonly string[];
  readonly update: readonly string[];
}

/** Splits the arguments of `up`: its preview gets the same ones without those of `up` alone. */
export function guardedArguments(args: readonly string[]): Guarded {
  const preview: string[] = [];
  const update: string[] = [];
  // Pulumi runs a preview of its own.
  const isStrict = args.some((arg) => arg === "--strict" || /^--strict=[tT1]/.test(arg));
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (/^--(yes|skip-preview)(=|$)/.test(arg)) continue;
    if (/^--event-log(=|$)/.test(arg)) {
      preview.push(arg, ...(arg === "--event-log" ? args.slice(++at, at + 1) : []));
    } else if (ofUpdate.includes(arg)) {
      update.push(arg, ...args.slice(++at, at + 1));
    } else if (/^--(continue-on-error|expect-no-changes|secrets-provider=|plan=|strict)/.test(arg)) {
      update.push(arg);
    } else {
      const rest = switches.test(arg) ? arg.replaceAll(/[yf]/g, "") : arg;
      if (rest === "-") continue;
      preview.push(rest);
      update.push(rest);
    }
  }
  return { preview, update: ["--yes", ...(isStrict ? [] : ["--skip-preview"]), ...update] };
}
