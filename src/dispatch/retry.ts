import type { FailureRecord } from "../contract/failure.ts";
import { consequenceOf } from "./policy.ts";

/** The first wait before asking the same model again, doubled each time. */
const BACKOFF_MS = 500;

/**
 * How long to wait before the same model is asked again after its `tries`-th failure; undefined where it is not.
 * Backoff has full jitter: anything from nothing to its size, so that many clients do not come back together.
 */
export function retryDelayMs(
  failure: FailureRecord,
  tries: number,
  random: () => number,
): number | undefined {
  const { retry } = consequenceOf(failure);
  switch (retry.kind) {
    case "never":
      return undefined;
    case "after":
      return tries > 1 ? undefined : retry.ms;
    case "backoff":
      return tries > retry.times ? undefined : random() * BACKOFF_MS * 2 ** (tries - 1);
  }
}
