import type { FailureRecord, RefusedSize } from "../contract/failure.ts";
import { MIN_OUTPUT_TOKENS } from "../routing/decide/budget.ts";

/** Whether, how often and when the same model is called again. */
export type Retry =
  | { readonly kind: "never" }
  /** Once, after this time; see `MAX_WAIT_MS`. */
  | { readonly kind: "after"; readonly ms: number }
  | { readonly kind: "backoff"; readonly times: 1 | 2 }
  /** Once, at once, with an output limit that fits the size that the provider named. */
  | { readonly kind: "smaller-output" }
  /** Once, at once, without the part of the request that was refused. */
  | { readonly kind: "adapted" };

/** What happens after a failure. */
export type Consequence = {
  readonly retry: Retry;
  /**
   * Whether the next model of the chain is called. `larger-window`: only a model with a larger or unknown window.
   * `unless-rejected`: only if no other model has rejected the request. `other-provider`, `local`: only a model of
   * another provider, or a local one.
   */
  readonly next: "yes" | "no" | "larger-window" | "unless-rejected" | "other-provider" | "local";
  /** The breaker that counts the failure, once for each request. */
  readonly breaker: "model" | "provider" | "none";
  /** A pause of the model or provider, see contract/health.ts. */
  readonly pause?:
    | { readonly subject: "model"; readonly reason: "rate-limit"; readonly ms: number }
    | { readonly subject: "model" | "provider"; readonly reason: "quota"; readonly ms: number }
    | { readonly subject: "provider"; readonly reason: "auth" }
    | { readonly subject: "model"; readonly reason: "forbidden" | "not-found" }
    | undefined;
  /** False if the provider charges nothing for the attempt. */
  readonly mayBeCharged: boolean;
};

/** The longest wait that a provider requests for which a model is waited for while another one can answer. */
export const MAX_WAIT_MS = 3000;

/** How long a provider or model without credit or quota is paused, if the provider names no time. */
const QUOTA_PAUSE_MS = 15 * 60_000;

/** The first wait before the same model is called again, doubled each time. */
const BACKOFF_MS = 500;
/** No wait is shorter. */
const MIN_BACKOFF_MS = 100;

const NEVER = { kind: "never" } as const;
const SMALLER_OUTPUT = { kind: "smaller-output" } as const;

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
      return {
        retry: failure.size?.withOutput === true ? SMALLER_OUTPUT : NEVER,
        next: "larger-window",
        breaker: "none",
        mayBeCharged: false,
      };
    case "too-large":
      return { retry: SMALLER_OUTPUT, next: "yes", breaker: "none", mayBeCharged: false };
    case "capability":
      return { retry: NEVER, next: "yes", breaker: "none", mayBeCharged: false };
    case "refused":
      return { retry: NEVER, next: "no", breaker: "none", mayBeCharged: true };
    case "auth":
      return skipFor({ subject: "provider", reason: "auth" });
    case "forbidden":
      return skipFor({ subject: "model", reason: "forbidden" });
    case "not-found":
      return skipFor({ subject: "model", reason: "not-found" });
    case "quota":
      return skipFor({
        subject: failure.scope ?? "provider",
        reason: "quota",
        ms: failure.retryAfterMs ?? QUOTA_PAUSE_MS,
      });
    case "unreachable":
      return failure.isOffline === true
        ? { retry: NEVER, next: "local", breaker: "none", mayBeCharged: false }
        : { retry: NEVER, next: "other-provider", breaker: "provider", mayBeCharged: false };
    case "certificate":
      return { retry: NEVER, next: "yes", breaker: "none", mayBeCharged: false };
    case "bad-request":
      return {
        retry: failure.isAdaptable === true ? { kind: "adapted" } : NEVER,
        // What its adapter cannot translate, no provider has rejected.
        next: failure.notSent === true ? "yes" : "unless-rejected",
        breaker: "none",
        mayBeCharged: false,
      };
    case "cancelled":
      return { retry: NEVER, next: "no", breaker: "none", mayBeCharged: true };
  }
}

/** The next model is called, and this one is skipped until its pause ends. */
function skipFor(pause: NonNullable<Consequence["pause"]>): Consequence {
  return { retry: NEVER, next: "yes", breaker: "none", pause, mayBeCharged: false };
}

/**
 * How many milliseconds to wait before the same model is called again after its `times`-th failure with this retry;
 * undefined if it is not called again. Backoff has full jitter, from nearly zero to its full length, so that many clients
 * do not retry at the same time (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function retryDelayMs(retry: Retry, times: number, random: () => number): number | undefined {
  switch (retry.kind) {
    case "never":
      return undefined;
    case "after":
      return times > 1 ? undefined : retry.ms;
    case "smaller-output":
    case "adapted":
      return times > 1 ? undefined : 0;
    case "backoff":
      return times > retry.times
        ? undefined
        : Math.max(MIN_BACKOFF_MS, random() * BACKOFF_MS * 2 ** (times - 1));
  }
}

/**
 * The output limit with which a request fits the size that its provider named; undefined if it was not the cause, or if
 * too little is left.
 * @param sentTokens the output limit of the request that did not fit
 */
export function fittingOutputTokens(size: RefusedSize | undefined, sentTokens: number): number | undefined {
  if (size?.withOutput !== true) return undefined;
  const inputTokens = size.requestedTokens - sentTokens;
  const leftTokens = size.limitTokens - inputTokens;
  return leftTokens < sentTokens && leftTokens >= Math.min(sentTokens, MIN_OUTPUT_TOKENS)
    ? leftTokens
    : undefined;
}
