import type { BreakerOptions, BreakerState } from "../contract/health.ts";

/** A probe that its process does not renew for this long has failed. */
const PROBE_MS = 60_000;

/** The state of a breaker without failures. */
export const CLOSED: BreakerState = { kind: "closed", failures: 0 };

/** Whether an attempt may start now. `probe` is the id of the single probe of a half-open breaker. */
export type Admission =
  | { readonly kind: "go" }
  | { readonly kind: "probe"; readonly probe: string }
  | { readonly kind: "paused"; readonly nextTryAtMs: number; readonly failures: number };

/**
 * Decides whether an attempt may start. The first caller after an open breaker's time becomes its single probe; others
 * are rejected at once.
 * @param probeId the probe's id, should this caller become it
 * @param force passes an open breaker: as its probe if one is due, else in addition to it
 */
export function admit(
  state: BreakerState,
  nowMs: number,
  options: BreakerOptions,
  probeId: string,
  force: boolean,
): { readonly state: BreakerState; readonly admission: Admission } {
  const current = withoutExpiredProbe(state, nowMs, options);
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
 * After a success. A closed breaker resets its failures. Any other is closed by its own probe only: an attempt that
 * started earlier, or in addition to the probe, shows an older state.
 * @param probe the attempt's probe, if it was one
 */
export function onSuccess(state: BreakerState, probe?: string): BreakerState {
  if (state.kind === "closed") return state.failures === 0 ? state : CLOSED;
  return isProbeOf(state, probe) ? CLOSED : state;
}

/**
 * After a failure. The failure number `options.failures` in a row opens the breaker for `options.openMs`. A failed probe
 * opens it again for twice as long as before, up to `options.maxOpenMs`. The failure of any other attempt while the
 * breaker is not closed is only counted.
 * @param probe the attempt's probe, if it was one
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
    case "half-open": {
      if (!isProbeOf(state, probe)) return { ...state, failures };
      const openMs = Math.min(state.openMs * 2, options.maxOpenMs);
      return { kind: "open", failures, openedAtMs: nowMs, openMs };
    }
  }
}

/** After an inconclusive probe, e.g. one that the user cancelled: the breaker is open, and its next probe is due. */
export function onReleased(state: BreakerState, probe: string, nowMs: number): BreakerState {
  if (state.kind !== "half-open" || !isProbeOf(state, probe)) return state;
  const { failures, openMs } = state;
  return { kind: "open", failures, openMs, openedAtMs: nowMs - openMs };
}

/** The probe's process is running, and still waits for its answer. */
export function onRenewed(state: BreakerState, probe: string, nowMs: number): BreakerState {
  if (state.kind !== "half-open" || !isProbeOf(state, probe) || nowMs >= state.probeUntilMs) return state;
  return { ...state, probeUntilMs: nowMs + PROBE_MS };
}

/** Whether requests should skip the subject now. False once a probe is due, because the next request may be it. */
export function isOpen(state: BreakerState, nowMs: number): boolean {
  return state.kind !== "closed" && nowMs < nextTryAtMs(state, nowMs);
}

/** Whether a probe is running. */
export function hasProbe(state: BreakerState, nowMs: number): boolean {
  return state.kind === "half-open" && nowMs < state.probeUntilMs;
}

/**
 * When the next attempt may start, in milliseconds since 1970; 0 for a closed breaker. While a probe is running: when it
 * expires. After that: the earliest possible time, because it depends on the options.
 */
export function nextTryAtMs(state: BreakerState, nowMs: number): number {
  switch (state.kind) {
    case "closed":
      return 0;
    case "open":
      // Opened in the future: the clock was set back since, and waiting for it to catch up would be too long.
      return state.openedAtMs > nowMs ? nowMs : state.openedAtMs + state.openMs;
    case "half-open":
      return hasProbe(state, nowMs) ? state.probeUntilMs : state.probeUntilMs + state.openMs;
  }
}

/** A probe that was not renewed in time failed when its time was up. */
function withoutExpiredProbe(state: BreakerState, nowMs: number, options: BreakerOptions): BreakerState {
  return state.kind === "half-open" && nowMs >= state.probeUntilMs
    ? onFailure(state, state.probeUntilMs, options, state.probe)
    : state;
}

function isProbeOf(state: BreakerState, probe: string | undefined): boolean {
  return state.kind === "half-open" && state.probe === probe;
}
