/** Time, as an argument, so that what waits can be tested without waiting. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after a while, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done, { once: true });
    }),
};
