import type { BreakerState, HealthSnapshot } from "../../contract/health.ts";
import { type ModelRef, splitRef } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import type { Spend } from "../../ledger/budget.ts";

/** A model or provider that is left alone for now. */
export type Paused = { readonly subject: string; readonly failures: number; readonly nextTryAtMs: number };

/** All that the status bar item, its tooltip and its menu show. */
export type StatusState = {
  /** The model of the last answer; left out before the first one. */
  readonly lastModel?: ModelRef;
  readonly busy: boolean;
  /** Only the simulator can answer. */
  readonly simulated: boolean;
  readonly spend?: Spend;
  readonly budgetNanoUsd?: NanoUsd;
  /** The share of the budget, 0 to 1, from which on the item warns. */
  readonly warnAt?: number;
  readonly paused: readonly Paused[];
  readonly switchedOff: readonly ModelRef[];
};

/** The models and providers whose breakers are open at a moment. */
export function pausedIn(health: HealthSnapshot, nowMs: number): readonly Paused[] {
  return [...health].flatMap(([subject, { breaker }]) => {
    const nextTryAtMs = nextTry(breaker, nowMs);
    return nextTryAtMs === undefined ? [] : [{ subject, failures: breaker.failures, nextTryAtMs }];
  });
}

function nextTry(breaker: BreakerState, nowMs: number): number | undefined {
  switch (breaker.kind) {
    case "closed":
      return undefined;
    case "open":
      return Math.max(nowMs, breaker.openedAtMs + breaker.openMs);
    case "half-open":
      return nowMs;
  }
}

/** The models that the user switched off. */
export function switchedOffIn(health: HealthSnapshot): readonly ModelRef[] {
  return [...health].flatMap(([subject, { switchedOff }]) => (switchedOff ? [subject] : []));
}

/** A model's name without its provider. */
export function shortName(ref: ModelRef): string {
  return ref.includes("/") ? splitRef(ref).model : ref;
}

/** Seconds until a moment, at least one. */
export function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((atMs - nowMs) / 1000));
}
