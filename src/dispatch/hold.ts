import type { Budget, Reservation, ReserveRequest } from "../ledger/budget.ts";
import type { Clock } from "./clock.ts";

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
  let want = request.wantNanoUsd;
  for (;;) {
    const changed = nextChange(budget);
    try {
      const held = await budget.reserve({ ...request, wantNanoUsd: want, needNanoUsd: want });
      if (held.kind === "held") return held;
      if (held.leftNanoUsd < request.needNanoUsd) return held;
      if (held.kind === "exceeded") {
        want = held.leftNanoUsd;
        continue;
      }
      const leftMs = untilMs - clock.now();
      if (leftMs <= 0 || signal.aborted) break;
      await eitherOf(changed.promise, clock, leftMs, signal);
    } finally {
      changed.stop();
    }
  }
  return budget.reserve({ ...request, wantNanoUsd: want });
}

function nextChange(budget: Budget): { readonly promise: Promise<void>; stop(): void } {
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
