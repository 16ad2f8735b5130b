import type { HealthSnapshot, HealthSubject, Pause } from "../contract/health.ts";
import type { ModelRef } from "../contract/model.ts";

/** Whether a subject may be asked now. */
export type Admission =
  | { readonly kind: "go" }
  /** This caller is the single probe of a half-open breaker: it must report `succeeded`, `reached`, `failed` or `released`. */
  | { readonly kind: "probe"; readonly probe: string }
  | { readonly kind: "paused"; readonly nextTryAtMs: number; readonly failures: number };

/** What breakers go by: `switchyard.breaker`. */
export type BreakerOptions = {
  readonly failures: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
};

/** How models and providers fare, remembered over windows and restarts. */
export type Health = {
  snapshot(): Promise<HealthSnapshot>;
  /** Asked right before an attempt. `force` (an explicit choice) goes past an open breaker, as its probe where one is due. */
  acquire(subject: HealthSubject, options: BreakerOptions, force: boolean): Promise<Admission>;
  /** `probe`: of the admission, where it was one. No other success closes a breaker that is not closed. */
  succeeded(
    subject: HealthSubject,
    sample?: { readonly firstTokenMs: number; readonly tokensPerSecond: number },
    probe?: string,
  ): Promise<void>;
  /** It can be reached, though what it said was no answer: its breaker hears of it, a block stays. */
  reached(subject: HealthSubject, probe?: string): Promise<void>;
  /** `probe`: of the admission, where it was one. */
  failed(subject: HealthSubject, options: BreakerOptions, probe?: string): Promise<void>;
  /** A probe that was cancelled, or told nothing of the subject: the breaker is open again and due at once. */
  released(subject: HealthSubject, probe: string): Promise<void>;
  pause(subject: HealthSubject, pause: Pause): Promise<void>;
  /** Closes the breaker and lifts the block. */
  reset(subject: HealthSubject): Promise<void>;
  setSwitchedOff(ref: ModelRef, off: boolean): Promise<void>;
  /** Told when any process changed something here. Returns how to stop listening. */
  onDidChange(listener: () => void): () => void;
};
