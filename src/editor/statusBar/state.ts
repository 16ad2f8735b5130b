import type { HealthSnapshot } from "../../contract/health.ts";
import { type ModelRef, splitRef } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import { hasProbe, isOpen, nextTryAtMs } from "../../ledger/breaker.ts";
import type { Spend } from "../../ledger/budget.ts";

/** A model or provider that is left alone for now, until its next try succeeds. */
export type Paused = {
  readonly subject: string;
  readonly failures: number;
  /** Left out where it is being tried again: by a probe on its way, or by the next prompt. */
  readonly nextTryAtMs?: number;
};

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

/** The models and providers whose breakers are not closed at a moment. */
export function pausedIn(health: HealthSnapshot, nowMs: number): readonly Paused[] {
  return [...health].flatMap(([subject, { breaker }]): readonly Paused[] => {
    if (breaker.kind === "closed") return [];
    const { failures } = breaker;
    const isTried = !isOpen(breaker, nowMs) || hasProbe(breaker, nowMs);
    return [{ subject, failures, ...(isTried ? {} : { nextTryAtMs: nextTryAtMs(breaker, nowMs) }) }];
  });
}

/** When the first pause ends; undefined where none does by itself. */
export function firstEndOf(paused: readonly Paused[]): number | undefined {
  const ends = paused.flatMap(({ nextTryAtMs: atMs }) => (atMs === undefined ? [] : [atMs]));
  return ends.length === 0 ? undefined : Math.min(...ends);
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
