import { setImmediate, setTimeout } from "node:timers/promises";
import { isBusy, LedgerBusy } from "./errors.ts";

export type Patience = {
  readonly file: string;
  /** How long a lock is waited for, in milliseconds of real time. */
  readonly limitMs: number;
  /** 0 to 1: spreads those who wait, so that they do not all come back at once. */
  readonly random: () => number;
};

/** A lock is held for some 50 µs: the first tries come right after each other, the later ones some milliseconds apart. */
const QUICK_TRIES = 4;
const LONGEST_WAIT_MS = 12;

/**
 * Runs a job again until no other process is in its way, without ever blocking this one.
 * @param startedMs since when it has been tried, by `performance.now()`.
 * @throws LedgerBusy when the limit has passed, and whatever else the job throws
 */
export async function patiently<T>(
  job: () => T,
  { file, limitMs, random }: Patience,
  startedMs = performance.now(),
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return job();
    } catch (error) {
      if (!isBusy(error)) throw error;
      // The real clock: the injected one may stand still, or be set while we wait.
      const waitedMs = performance.now() - startedMs;
      if (waitedMs > limitMs) throw new LedgerBusy(file, waitedMs, { cause: error });
    }
    if (attempt <= QUICK_TRIES) await setImmediate();
    else await setTimeout(1 + random() * Math.min(attempt, LONGEST_WAIT_MS));
  }
}
