import type { FailureRecord } from "../contract/failure.ts";
import type { BreakerOptions, Health } from "../contract/health.ts";
import { type ModelRef, splitRef } from "../contract/model.ts";
import { consequenceOf } from "./policy.ts";

/** Leave to ask a model, from its own breaker and its provider's; what came of it must be told. */
export type Leave = {
  /** The model has begun to answer: its provider can be reached. Its own probe ends with its answer. */
  alive(): Promise<void>;
  /** `exhaustedUntilMs`: its headers say that a rate limit is used up until then. */
  answered(
    sample: { readonly firstTokenMs: number; readonly tokensPerSecond: number } | undefined,
    exhaustedUntilMs: number | undefined,
  ): Promise<void>;
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

/** Asks both breakers right before an attempt; undefined where one of them says no. */
export async function leaveToAsk(
  ref: ModelRef,
  health: Health,
  options: LeaveOptions,
): Promise<Leave | undefined> {
  const { breaker, force, now, fingerprintOf } = options;
  const provider = splitRef(ref).provider;
  const ofProvider = await health.acquire(provider, breaker, force);
  if (ofProvider.kind === "paused") return undefined;
  const probesProvider = ofProvider.kind === "probe" ? ofProvider.probe : undefined;
  const ofModel = await health.acquire(ref, breaker, force);
  if (ofModel.kind === "paused") {
    if (probesProvider !== undefined) await health.released(provider, probesProvider);
    return undefined;
  }
  const probesModel = ofModel.kind === "probe" ? ofModel.probe : undefined;

  return {
    async alive() {
      if (probesProvider !== undefined) await health.reached(provider, probesProvider);
    },
    async answered(sample, exhaustedUntilMs) {
      await health.succeeded(ref, sample, probesModel);
      if (exhaustedUntilMs !== undefined) {
        await health.pause(ref, { kind: "until", reason: "rate-limit", untilMs: exhaustedUntilMs });
      }
      await health.succeeded(provider, undefined, probesProvider);
    },
    async failed(failure) {
      const { breaker: counts, block } = consequenceOf(failure);
      if (counts === "model") await health.failed(ref, breaker, probesModel);
      else if (probesModel !== undefined) await health.released(ref, probesModel);
      // A failure with a status is an answer: the provider can be reached, so its failures are no longer consecutive.
      if (counts === "provider") await health.failed(provider, breaker, probesProvider);
      else if (failure.status !== undefined) await health.reached(provider, probesProvider);
      else if (probesProvider !== undefined) await health.released(provider, probesProvider);
      if (block === undefined) return;
      const subject = block.subject === "provider" ? provider : ref;
      await health.pause(
        subject,
        "ms" in block
          ? { kind: "until", reason: block.reason, untilMs: now() + block.ms }
          : { kind: "unchanged", reason: block.reason, fingerprint: fingerprintOf(block.subject, ref) },
      );
    },
  };
}
