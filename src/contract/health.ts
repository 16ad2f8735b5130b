import type { ModelRef } from "./model.ts";

/** A model's ref, or a provider's id (which contains no slash). */
export type HealthSubject = ModelRef | string;

/** The state of a circuit breaker, as plain data that can be stored. */
export type BreakerState =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly failures: number; readonly openedAtMs: number; readonly openMs: number }
  /** One probe is running; other requests skip the subject. A probe that is not renewed by `probeUntilMs` has failed. */
  | {
      readonly kind: "half-open";
      readonly failures: number;
      readonly openMs: number;
      readonly probe: string;
      readonly probeUntilMs: number;
    };

/** Why a subject is skipped for a reason that is no failure of its own. */
export type Pause =
  /** Until a point in time: a rate limit, or exhausted credit (which is tried again after a while). */
  | { readonly kind: "until"; readonly reason: "rate-limit" | "quota"; readonly untilMs: number }
  /** Until the cause changes: `fingerprint` is a hash of the key or the settings that were rejected. */
  | {
      readonly kind: "unchanged";
      readonly reason: "auth" | "forbidden" | "not-found";
      readonly fingerprint: string;
    };

/** How fast one answer was. */
export type LatencySample = { readonly firstTokenMs: number; readonly tokensPerSecond: number };

/** The recent speed of a model: medians over its last answers, of which later ones count more. */
export type Latency = LatencySample & {
  /**
   * How much the answers count now, in total: one that has just ended counts 1, and half of it after some hours or some
   * more answers. Undefined for an assumed speed, which does not age.
   */
  readonly weight?: number | undefined;
};

export type SubjectHealth = {
  readonly breaker: BreakerState;
  readonly pause?: Pause | undefined;
  /** Turned off by the user, until it is turned on again. */
  readonly switchedOff: boolean;
  readonly latency?: Latency | undefined;
};

export type HealthSnapshot = ReadonlyMap<HealthSubject, SubjectHealth>;

/** Thresholds of the breakers: `switchyard.breaker`. */
export type BreakerOptions = {
  /** Consecutive failures that open a breaker. */
  readonly failures: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
};

/** Permission to call a model, from its own breaker and its provider's. Every permit must be reported. */
export type Permit = {
  readonly ref: ModelRef;
  readonly options: BreakerOptions;
  /** Set if the attempt is the single probe of a half-open breaker. */
  readonly modelProbe?: string | undefined;
  readonly providerProbe?: string | undefined;
};

/** What an attempt showed about the health of its model and provider. */
export type AttemptOutcome =
  | {
      readonly kind: "answered";
      readonly sample?: LatencySample | undefined;
      /** Until when the response's headers report the rate limit as used up. */
      readonly exhaustedUntilMs?: number | undefined;
    }
  | {
      readonly kind: "failed";
      /** The breaker that counts the failure. */
      readonly breaker: "model" | "provider" | "none";
      /** The provider responded with a status: its failures are no longer consecutive. */
      readonly isProviderReached: boolean;
      readonly pause?: { readonly subject: "model" | "provider"; readonly pause: Pause } | undefined;
    }
  /** The attempt did not start, or was cancelled. Its probe, if any, is due again at once. */
  | { readonly kind: "inconclusive" };

/** The health of models and providers: breakers, pauses and latency, shared by all windows and kept over restarts. */
export type Health = {
  snapshot(): Promise<HealthSnapshot>;
  /**
   * Acquires permission from a model's breaker and its provider's, right before an attempt. Returns undefined if one of
   * them is open. `force` (an explicit choice) passes an open breaker, as its probe if one is due.
   */
  acquire(ref: ModelRef, options: BreakerOptions, force: boolean): Promise<Permit | undefined>;
  /** The answer has begun, so the provider can be reached: its probe succeeds. The model's own ends with the answer. */
  reached(permit: Permit): Promise<void>;
  /** Reports how the attempt ended. A breaker that is not closed is closed by the success of its own probe only. */
  report(permit: Permit, outcome: AttemptOutcome): Promise<void>;
  /** Closes the breaker and removes the pause. */
  reset(subject: HealthSubject): Promise<void>;
  setSwitchedOff(ref: ModelRef, off: boolean): Promise<void>;
  /** Calls the listener after any process has changed something here. Returns a function that stops listening. */
  onDidChange(listener: () => void): () => void;
};
