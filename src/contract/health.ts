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

/** The recent speed of a model: medians over its last answers. */
export type Latency = LatencySample & { readonly samples: number };

export type SubjectHealth = {
  readonly breaker: BreakerState;
  readonly pause?: Pause | undefined;
  /** Turned off by the user, until it is turned on again. */
  readonly switchedOff: boolean;
  readonly latency?: Latency | undefined;
};

export type HealthSnapshot = ReadonlyMap<HealthSubject, SubjectHealth>;

/** Whether a subject may be asked now. */
export type Admission =
  | { readonly kind: "go" }
  /** The caller is the single probe of a half-open breaker: it must report `succeeded`, `reached`, `failed` or `released`. */
  | { readonly kind: "probe"; readonly probe: string }
  | { readonly kind: "paused"; readonly nextTryAtMs: number; readonly failures: number };

/** Thresholds of the breakers: `switchyard.breaker`. */
export type BreakerOptions = {
  /** Consecutive failures that open a breaker. */
  readonly failures: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
};

/** The health of models and providers: breakers, pauses and latency, shared by all windows and kept over restarts. */
export type Health = {
  snapshot(): Promise<HealthSnapshot>;
  /** Called right before an attempt. `force` (an explicit choice) passes an open breaker, as its probe if one is due. */
  acquire(subject: HealthSubject, options: BreakerOptions, force: boolean): Promise<Admission>;
  /** `probe` comes from the admission. A breaker that is not closed is closed by the success of its own probe only. */
  succeeded(subject: HealthSubject, sample?: LatencySample, probe?: string): Promise<void>;
  /** The subject responded, though not with an answer: counts as a success for its breaker, and keeps its pause. */
  reached(subject: HealthSubject, probe?: string): Promise<void>;
  /** `probe` comes from the admission. */
  failed(subject: HealthSubject, options: BreakerOptions, probe?: string): Promise<void>;
  /** The probe was cancelled or inconclusive: the breaker is open again, and its next probe is due at once. */
  released(subject: HealthSubject, probe: string): Promise<void>;
  pause(subject: HealthSubject, pause: Pause): Promise<void>;
  /** Closes the breaker and removes the pause. */
  reset(subject: HealthSubject): Promise<void>;
  setSwitchedOff(ref: ModelRef, off: boolean): Promise<void>;
  /** Calls the listener after any process has changed something here. Returns a function that stops listening. */
  onDidChange(listener: () => void): () => void;
};
