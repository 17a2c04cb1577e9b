/** A bell: all that wait for `next()` continue when it is called. */
export class Wake {
  #ring: () => void = () => undefined;
  #next: Promise<void> | undefined;

  /** Resolves at the first call from now on. */
  next(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      this.#ring = resolve;
    });
    return this.#next;
  }

  /** Wakes everyone who waits. */
  call(): void {
    this.#next = undefined;
    this.#ring();
  }
}

/** Waits for `event`, but no longer than `ms`, and leaves no timer behind. */
export async function once(event: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const elapsed = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const aborted = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", aborted, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
    };
  });
  try {
    await Promise.race([event, elapsed]);
  } finally {
    stop();
  }
}
