/** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Restores the default effect of signals. */
  release(): void;
}

/** The exit status of a command that Ctrl-C ended: 128 + SIGINT, as in shells. */
export const interruptedStatus = 130;

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * @param source of signals: the process
 * @param first called on the first one
 * @param second called on each further one
 */
export function onInterrupt(
  source: Pick<NodeJS.EventEmitter, "on" | "off">,
  first: () => void,
  second: () => void,
): Interrupt {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) second();
    else {
      controller.abort();
      first();
    }
  };
  for (const signal of signals) source.on(signal, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) source.off(signal, interrupt);
    },
  };
}
