import { setImmediate, setTimeout } from "node:timers/promises";
import { isBusy, LedgerBusy } from "./errors.ts";

export type RetryOptions = {
  readonly file: string;
  /** How long to wait for another process's lock, in milliseconds of real time. */
  readonly busyLimitMs: number;
  /** 0 to 1. Spreads the retries of several processes. */
  readonly random: () => number;
};

/** A lock is held for about 50 µs, so the first retries follow at once, and the later ones after some milliseconds. */
const IMMEDIATE_RETRIES = 4;
const MAX_WAIT_MS = 12;

/**
 * Runs a job, and repeats it while another process holds the lock. Never blocks the event loop.
 * @param startedMs when the first try was made, by `performance.now()`
 * @throws LedgerBusy when the limit has passed, and any other error of the job
 */
export async function retryWhileBusy<T>(
  job: () => T,
  { file, busyLimitMs, random }: RetryOptions,
  startedMs = performance.now(),
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return job();
    } catch (error) {
      if (!isBusy(error)) throw error;
      // Real time, because the injected clock may not advance, or may be set back meanwhile.
      const waitedMs = performance.now() - startedMs;
      if (waitedMs > busyLimitMs) throw new LedgerBusy(file, waitedMs, { cause: error });
    }
    if (attempt <= IMMEDIATE_RETRIES) await setImmediate();
    else await setTimeout(1 + random() * Math.min(attempt, MAX_WAIT_MS));
  }
}
