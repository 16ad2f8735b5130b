import { setTimeout as sleep } from "node:timers/promises";

/** How often a paced answer is sent on: fast enough to look steady, slow enough to cost nothing. */
const TICK_MS = 10;

/**
 * Hands pieces on at a steady rate.
 * @param tokensPerSecond 0: as fast as they are taken
 */
export async function* paced(
  pieces: Iterable<string>,
  tokensPerSecond: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  if (tokensPerSecond === 0) {
    yield* pieces;
    return;
  }
  const startedMs = performance.now();
  let sent = 0;
  for (const piece of pieces) {
    while (sent > ((performance.now() - startedMs) * tokensPerSecond) / 1000) {
      await sleep(TICK_MS, undefined, { signal });
    }
    yield piece;
    sent += 1;
  }
}
