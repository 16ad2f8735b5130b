import type { FailureRecord } from "../contract/failure.ts";

/** What follows from a failure. */
export type Consequence = {
  /** Whether the same model is asked again: how often, and when. */
  readonly retry:
    | { readonly kind: "never" }
    | { readonly kind: "after"; readonly ms: number }
    | { readonly kind: "backoff"; readonly times: 1 | 2 };
  /** Whether the chain goes on; `larger-window`: only to a model whose window is larger, or not known. */
  readonly next: "yes" | "no" | "larger-window";
  /** Whose breaker counts it. */
  readonly breaker: "model" | "provider" | "none";
  /** What else is remembered: see contract/health.ts. */
  readonly block?:
    | { readonly subject: "model"; readonly reason: "rate-limit"; readonly ms: number }
    | { readonly subject: "provider"; readonly reason: "quota"; readonly ms: number }
    | { readonly subject: "provider"; readonly reason: "auth" }
    | { readonly subject: "model"; readonly reason: "forbidden" | "not-found" };
  /** False where the provider charges nothing for the attempt. */
  readonly mayBeCharged: boolean;
};

/** A provider without credit is asked again after this long. */
const QUOTA_PAUSE_MS = 15 * 60_000;

const NEVER = { kind: "never" } as const;

/** The failure table. Every kind of failure has its row. */
export function consequenceOf(failure: FailureRecord): Consequence {
  switch (failure.kind) {
    case "rate-limited":
      return failure.retryAfterMs === undefined
        ? { retry: { kind: "backoff", times: 2 }, next: "yes", breaker: "model", mayBeCharged: false }
        : {
            retry: { kind: "after", ms: failure.retryAfterMs },
            next: "yes",
            breaker: "none",
            block: { subject: "model", reason: "rate-limit", ms: failure.retryAfterMs },
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
      return passedOn({ subject: "provider", reason: "auth" });
    case "forbidden":
      return passedOn({ subject: "model", reason: "forbidden" });
    case "not-found":
      return passedOn({ subject: "model", reason: "not-found" });
    case "quota":
      return passedOn({ subject: "provider", reason: "quota", ms: QUOTA_PAUSE_MS });
    case "unreachable":
      return { retry: NEVER, next: "yes", breaker: "provider", mayBeCharged: false };
    case "bad-request":
      return { retry: NEVER, next: "no", breaker: "none", mayBeCharged: false };
    case "cancelled":
      return { retry: NEVER, next: "no", breaker: "none", mayBeCharged: true };
  }
}

function passedOn(block: NonNullable<Consequence["block"]>): Consequence {
  return { retry: NEVER, next: "yes", breaker: "none", block, mayBeCharged: false };
}
