import type { BreakerOptions, BreakerState } from "../contract/health.ts";

/** How long a probe stands without a word of its process, which renews it while it lives; then it is given up. */
const PROBE_MS = 60_000;

/** The breaker of a subject that nothing bad is known of. */
export const CLOSED: BreakerState = { kind: "closed", failures: 0 };

/** Whether an attempt may start now; `probe` names the attempt that is the single probe of a half-open breaker. */
export type Admission =
  | { readonly kind: "go" }
  | { readonly kind: "probe"; readonly probe: string }
  | { readonly kind: "paused"; readonly nextTryAtMs: number; readonly failures: number };

type Admitted = { readonly state: BreakerState; readonly admission: Admission };

/**
 * Asks leave for one attempt. Of a breaker that is due, the first caller becomes the single probe; everybody else is
 * told at once to go elsewhere, and nobody waits.
 * @param probeId names the probe, should this caller become it.
 * @param force goes past an open breaker: as its probe where one is due, else beside it.
 */
export function admit(
  state: BreakerState,
  nowMs: number,
  options: BreakerOptions,
  probeId: string,
  force: boolean,
): Admitted {
  const current = withoutHungProbe(state, nowMs, options);
  if (current.kind === "closed") return { state: current, admission: { kind: "go" } };
  const nextMs = nextTryAtMs(current, nowMs);
  if (current.kind === "open" && nowMs >= nextMs) {
    const { failures, openMs } = current;
    return {
      state: { kind: "half-open", failures, openMs, probe: probeId, probeUntilMs: nowMs + PROBE_MS },
      admission: { kind: "probe", probe: probeId },
    };
  }
  if (force) return { state: current, admission: { kind: "go" } };
  return { state: current, admission: { kind: "paused", nextTryAtMs: nextMs, failures: current.failures } };
}

/**
 * It answered. A closed breaker forgets its failures; one that is not is closed by its own probe alone: an answer that
 * was asked for earlier, or beside the probe, tells of another moment.
 * @param probe of the attempt, where it was one.
 */
export function onSuccess(state: BreakerState, probe?: string): BreakerState {
  if (state.kind === "closed") return state.failures === 0 ? state : CLOSED;
  return isProbeOf(state, probe) ? CLOSED : state;
}

/**
 * It failed. The failure that makes `options.failures` in a row opens the breaker for `options.openMs`; a failed probe
 * re-opens it for twice as long as before, up to `options.maxOpenMs`. A straggler that fails while the breaker is open,
 * or while a probe is on its way, is counted and changes nothing else.
 * @param probe of the attempt, where it was one.
 */
export function onFailure(
  state: BreakerState,
  nowMs: number,
  options: BreakerOptions,
  probe?: string,
): BreakerState {
  const failures = state.failures + 1;
  switch (state.kind) {
    case "closed":
      return failures < options.failures
        ? { kind: "closed", failures }
        : { kind: "open", failures, openedAtMs: nowMs, openMs: options.openMs };
    case "open":
      return { ...state, failures };
    case "half-open":
      return isProbeOf(state, probe)
        ? { kind: "open", failures, openedAtMs: nowMs, openMs: twice(state.openMs, options) }
        : { ...state, failures };
  }
}

/** The probe told nothing, e.g. because the user cancelled it: the breaker is open as before, and due at once. */
export function onReleased(state: BreakerState, probe: string, nowMs: number): BreakerState {
  if (state.kind !== "half-open" || !isProbeOf(state, probe)) return state;
  const { failures, openMs } = state;
  return { kind: "open", failures, openMs, openedAtMs: nowMs - openMs };
}

/** The probe's process lives, and waits for its answer still. */
export function onRenewed(state: BreakerState, probe: string, nowMs: number): BreakerState {
  if (state.kind !== "half-open" || !isProbeOf(state, probe) || nowMs >= state.probeUntilMs) return state;
  return { ...state, probeUntilMs: nowMs + PROBE_MS };
}

/** Whether a request should go elsewhere now. False of a breaker that is due: the next request may be its probe. */
export function isOpen(state: BreakerState, nowMs: number): boolean {
  return state.kind !== "closed" && nowMs < nextTryAtMs(state, nowMs);
}

/** Whether a probe is on its way: how it fares decides what comes next. */
export function hasProbe(state: BreakerState, nowMs: number): boolean {
  return state.kind === "half-open" && nowMs < state.probeUntilMs;
}

/**
 * When the next attempt is let through, in milliseconds since 1970; 0 for a closed breaker. While a probe is on its
 * way: when it is given up. After that, without the options at hand, the earliest moment that can be.
 */
export function nextTryAtMs(state: BreakerState, nowMs: number): number {
  switch (state.kind) {
    case "closed":
      return 0;
    case "open":
      // Opened in the future: the clock was set back since, and nobody waits until it has caught up.
      return state.openedAtMs > nowMs ? nowMs : state.openedAtMs + state.openMs;
    case "half-open":
      return hasProbe(state, nowMs) ? state.probeUntilMs : state.probeUntilMs + state.openMs;
  }
}

/** A probe that was not heard of in time has failed, at the moment when its time was up. */
function withoutHungProbe(state: BreakerState, nowMs: number, options: BreakerOptions): BreakerState {
  return state.kind === "half-open" && nowMs >= state.probeUntilMs
    ? onFailure(state, state.probeUntilMs, options, state.probe)
    : state;
}

function isProbeOf(state: BreakerState, probe: string | undefined): boolean {
  return state.kind === "half-open" && state.probe === probe;
}

function twice(openMs: number, { maxOpenMs }: BreakerOptions): number {
  return Math.min(openMs * 2, maxOpenMs);
}
