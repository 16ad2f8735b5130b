import type { FailureRecord } from "../contract/failure.ts";
import type { AttemptOutcome, BreakerOptions, Health, LatencySample } from "../contract/health.ts";
import type { ModelRef } from "../contract/model.ts";
import { consequenceOf } from "./policy.ts";

/** Permission to ask a model; how the attempt ended must be reported. */
export type Leave = {
  /** The model has begun to answer: its provider can be reached. Its own probe ends with its answer. */
  alive(): Promise<void>;
  /** `exhaustedUntilMs`: until when the headers report the rate limit as used up. */
  answered(sample: LatencySample | undefined, exhaustedUntilMs: number | undefined): Promise<void>;
  failed(failure: FailureRecord): Promise<void>;
};

export type LeaveOptions = {
  readonly breaker: BreakerOptions;
  /** An explicit choice goes past an open breaker. */
  readonly force: boolean;
  readonly now: () => number;
  /** A hash of what must change before a provider or model that refused us is asked again. */
  readonly fingerprintOf: (subject: "provider" | "model", ref: ModelRef) => string;
};

/** Asks both breakers right before an attempt; undefined where one of them is open. */
export async function leaveToAsk(
  ref: ModelRef,
  health: Health,
  options: LeaveOptions,
): Promise<Leave | undefined> {
  const permit = await health.acquire(ref, options.breaker, options.force);
  if (permit === undefined) return undefined;
  return {
    alive: () => health.reached(permit),
    answered: (sample, exhaustedUntilMs) =>
      health.report(permit, { kind: "answered", sample, exhaustedUntilMs }),
    failed: (failure) => health.report(permit, outcomeOf(failure, ref, options)),
  };
}

function outcomeOf(
  failure: FailureRecord,
  ref: ModelRef,
  { now, fingerprintOf }: LeaveOptions,
): AttemptOutcome {
  const { breaker, block } = consequenceOf(failure);
  return {
    kind: "failed",
    breaker,
    isProviderReached: failure.status !== undefined,
    pause: block && {
      subject: block.subject,
      pause:
        "ms" in block
          ? { kind: "until", reason: block.reason, untilMs: now() + block.ms }
          : { kind: "unchanged", reason: block.reason, fingerprint: fingerprintOf(block.subject, ref) },
    },
  };
}
