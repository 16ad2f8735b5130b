import type { ModelRef } from "./model.ts";

/** Whose health: a model's ref, or a provider's id (which has no slash). */
export type HealthSubject = ModelRef | string;

/** A breaker's state, with what each case needs to go on; plain data, so that it can be written down and read back. */
export type BreakerState =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly failures: number; readonly openedAtMs: number; readonly openMs: number }
  /** One probe is on its way; everybody else is passed on. `probeUntilMs`: a probe that hangs is given up then. */
  | {
      readonly kind: "half-open";
      readonly failures: number;
      readonly openMs: number;
      readonly probe: string;
      readonly probeUntilMs: number;
    };

/** Why a subject is left alone for reasons that are no failures of its own. */
export type Pause =
  /** Until a moment: the provider's rate limit, or its credit (asked again after a while). */
  | { readonly kind: "until"; readonly reason: "rate-limit" | "quota"; readonly untilMs: number }
  /** Until what was wrong changes: `fingerprint` is a hash of the key or of the settings that did not work. */
  | {
      readonly kind: "unchanged";
      readonly reason: "auth" | "forbidden" | "not-found";
      readonly fingerprint: string;
    };

/** Recent speed of a model: medians over its last answers. */
export type Latency = {
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
  readonly samples: number;
};

export type SubjectHealth = {
  readonly breaker: BreakerState;
  readonly pause?: Pause;
  /** Switched off by the user, until switched on. */
  readonly switchedOff: boolean;
  readonly latency?: Latency;
};

export type HealthSnapshot = ReadonlyMap<HealthSubject, SubjectHealth>;
