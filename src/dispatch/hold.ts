import type { Budget, Reservation, ReserveRequest } from "../contract/budget.ts";
import type { Clock } from "../contract/clock.ts";

/** How long a request waits for others to settle before it takes less, over all models of its chain. */
export const HOLD_WAIT_MS = 3000;

/**
 * Holds money for an attempt. All of it if it fits; what is left if the day has less; and where only others' holds are
 * in the way, it waits for one of them to settle, until a moment, before it takes the smaller amount.
 */
export async function hold(
  budget: Budget,
  request: ReserveRequest,
  clock: Clock,
  untilMs: number,
  signal: AbortSignal,
): Promise<Reservation> {
  let want = request.maximumNanoUsd;
  /** Listened to before the budget is asked, so that none is missed; the first time is for nothing nearly always. */
  let change: Change | undefined;
  try {
    for (;;) {
      const held = await budget.reserve({ ...request, maximumNanoUsd: want, minimumNanoUsd: want });
      if (held.kind === "reserved" || held.leftNanoUsd < request.minimumNanoUsd) return held;
      if (held.kind === "exceeded") {
        want = held.leftNanoUsd;
        continue;
      }
      const leftMs = untilMs - clock.now();
      if (leftMs <= 0 || signal.aborted) break;
      if (change !== undefined) await eitherOf(change.promise, clock, leftMs, signal);
      change?.stop();
      change = nextChange(budget);
    }
  } finally {
    change?.stop();
  }
  return budget.reserve({ ...request, maximumNanoUsd: want });
}

type Change = { readonly promise: Promise<void>; stop(): void };

function nextChange(budget: Budget): Change {
  let stop: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    stop = budget.onDidChange(resolve);
  });
  return { promise, stop };
}

/** Waits for a change, and no longer than a while. */
async function eitherOf(change: Promise<void>, clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([change, clock.sleep(ms, AbortSignal.any([signal, over.signal]))]);
  } finally {
    over.abort();
  }
}
