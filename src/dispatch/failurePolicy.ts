import type { FailureRecord } from "../contract/failure.ts";

/** What happens after a failure. */
export type Consequence = {
  /** Whether, how often and when the same model is called again. */
  readonly retry:
    | { readonly kind: "never" }
    | { readonly kind: "after"; readonly ms: number }
    | { readonly kind: "backoff"; readonly times: 1 | 2 };
  /** Whether the next model of the chain is called. `larger-window`: only a model with a larger or unknown window. */
  readonly next: "yes" | "no" | "larger-window";
  /** The breaker that counts the failure. */
  readonly breaker: "model" | "provider" | "none";
  /** A pause of the model or provider, see contract/health.ts. */
  readonly pause?:
    | { readonly subject: "model"; readonly reason: "rate-limit"; readonly ms: number }
    | { readonly subject: "provider"; readonly reason: "quota"; readonly ms: number }
    | { readonly subject: "provider"; readonly reason: "auth" }
    | { readonly subject: "model"; readonly reason: "forbidden" | "not-found" }
    | undefined;
  /** False if the provider charges nothing for the attempt. */
  readonly mayBeCharged: boolean;
};

/** How long a provider without credit is paused. */
const QUOTA_PAUSE_MS = 15 * 60_000;

/** The first wait before the same model is called again, doubled each time. */
const BACKOFF_MS = 500;

const NEVER = { kind: "never" } as const;

/** The failure policy: one row for every kind of failure. */
export function consequenceOf(failure: FailureRecord): Consequence {
  switch (failure.kind) {
    case "rate-limited":
      return failure.retryAfterMs === undefined
        ? { retry: { kind: "backoff", times: 2 }, next: "yes", breaker: "model", mayBeCharged: false }
        : {
            retry: { kind: "after", ms: failure.retryAfterMs },
            next: "yes",
            breaker: "none",
            pause: { subject: "model", reason: "rate-limit", ms: failure.retryAfterMs },
            mayBeCharged: false,
          };
    case "overloaded":
      return { retry: { kind: "backoff", times: 1 }, next: "yes", breaker: "model", mayBeCharged: false };
    case "timeout":
      return { retry: NEVER, next: "yes", breaker: "model", mayBeCharged: failure.phase !== "connect" };
    case "cut":
    case "empty":
    case "malformed":
      return { retry: NEVER, next: "yes", breaker: "model", mayBeCharged: true };
    case "context-length":
      return { retry: NEVER, next: "larger-window", breaker: "none", mayBeCharged: false };
    case "refused":
      return { retry: NEVER, next: "no", breaker: "none", mayBeCharged: true };
    case "auth":
      return skipFor({ subject: "provider", reason: "auth" });
    case "forbidden":
      return skipFor({ subject: "model", reason: "forbidden" });
    case "not-found":
      return skipFor({ subject: "model", reason: "not-found" });
    case "quota":
      return skipFor({ subject: "provider", reason: "quota", ms: QUOTA_PAUSE_MS });
    case "unreachable":
      return { retry: NEVER, next: "yes", breaker: "provider", mayBeCharged: false };
    case "certificate":
      return { retry: NEVER, next: "yes", breaker: "none", mayBeCharged: false };
    case "bad-request":
      return { retry: NEVER, next: "no", breaker: "none", mayBeCharged: false };
    case "cancelled":
      return { retry: NEVER, next: "no", breaker: "none", mayBeCharged: true };
  }
}

/** The next model is called, and this one is skipped until its pause ends. */
function skipFor(pause: NonNullable<Consequence["pause"]>): Consequence {
  return { retry: NEVER, next: "yes", breaker: "none", pause, mayBeCharged: false };
}

/**
 * How many milliseconds to wait before the same model is called again after its `tries`-th failure; undefined if it is not
 * called again. Backoff has full jitter, from zero to its full length, so that many clients do not retry at the same time
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
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
