import type { AttemptOutcome, BreakerOptions, Pause, Permit } from "../../../contract/health.ts";
import { onFailure, onReleased, onSuccess } from "../../breaker.ts";
import type { StoredHealth } from "./storedHealth.ts";

/** What is stored about a model after one of its attempts. */
export function modelAfter(
  stored: StoredHealth,
  { modelProbe, options }: Permit,
  outcome: AttemptOutcome,
  nowMs: number,
): StoredHealth {
  switch (outcome.kind) {
    case "answered": {
      const { exhaustedUntilMs: untilMs } = outcome;
      const next = withAnswer(stored, modelProbe);
      return untilMs === undefined ? next : withPause(next, { kind: "until", reason: "rate-limit", untilMs });
    }
    case "failed": {
      const next =
        outcome.breaker === "model"
          ? withFailure(stored, nowMs, options, modelProbe)
          : withRelease(stored, nowMs, modelProbe);
      return outcome.pause?.subject === "model" ? withPause(next, outcome.pause.pause) : next;
    }
    case "inconclusive":
      return withRelease(stored, nowMs, modelProbe);
  }
}

/** What is stored about a provider after an attempt with one of its models. */
export function providerAfter(
  stored: StoredHealth,
  { providerProbe, options }: Permit,
  outcome: AttemptOutcome,
  nowMs: number,
): StoredHealth {
  switch (outcome.kind) {
    case "answered":
      return withAnswer(stored, providerProbe);
    case "failed": {
      const next =
        outcome.breaker === "provider"
          ? withFailure(stored, nowMs, options, providerProbe)
          : outcome.isProviderReached
            ? withSuccess(stored, providerProbe)
            : withRelease(stored, nowMs, providerProbe);
      return outcome.pause?.subject === "provider" ? withPause(next, outcome.pause.pause) : next;
    }
    case "inconclusive":
      return withRelease(stored, nowMs, providerProbe);
  }
}

/** An answer proves that key, address and credit are valid, but a rate limit may still apply. */
function withAnswer(stored: StoredHealth, probe: string | undefined): StoredHealth {
  const next = withSuccess(stored, probe);
  return next.pause === undefined || next.pause.reason === "rate-limit"
    ? next
    : { ...next, pause: undefined };
}

export function withSuccess(stored: StoredHealth, probe: string | undefined): StoredHealth {
  const breaker = onSuccess(stored.breaker, probe);
  return breaker === stored.breaker ? stored : { ...stored, breaker };
}

function withFailure(
  stored: StoredHealth,
  nowMs: number,
  options: BreakerOptions,
  probe: string | undefined,
): StoredHealth {
  return { ...stored, breaker: onFailure(stored.breaker, nowMs, options, probe) };
}

function withRelease(stored: StoredHealth, nowMs: number, probe: string | undefined): StoredHealth {
  return probe === undefined ? stored : { ...stored, breaker: onReleased(stored.breaker, probe, nowMs) };
}

/** The newest pause replaces the one before, except that a shorter pause does not cut a longer one of its kind. */
function withPause(stored: StoredHealth, pause: Pause): StoredHealth {
  const { pause: before } = stored;
  const isLonger =
    before?.kind === "until" &&
    pause.kind === "until" &&
    before.reason === pause.reason &&
    before.untilMs > pause.untilMs;
  return isLonger ? stored : { ...stored, pause };
}
