import type { Spend } from "../../contract/budget.ts";
import type { HealthSnapshot } from "../../contract/health.ts";
import { type ModelRef, splitRef } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import { hasProbe, isOpen, nextTryAtMs } from "../../ledger/breaker.ts";

/** A model or provider that is left alone for now. */
export type Paused = {
  readonly subject: string;
  /** Left out where it is being tried again: by a probe on its way, or by the next prompt. */
  readonly nextTryAtMs?: number;
} & (
  | { readonly why: "failures"; readonly failures: number }
  /** Its provider said so: no failure of its own. */
  | { readonly why: "rate-limit" | "quota"; readonly nextTryAtMs: number }
);

/** A provider that did not accept its key, and is not asked until it has another one. */
export type Refused = { readonly provider: string; readonly name: string };

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
  readonly refused: readonly Refused[];
  readonly switchedOff: readonly ModelRef[];
};

/** The models and providers whose breakers are not closed at a moment, or that are to be left alone until another one. */
export function pausedIn(health: HealthSnapshot, nowMs: number): readonly Paused[] {
  return [...health].flatMap(([subject, { breaker, pause: block }]): readonly Paused[] => {
    if (breaker.kind !== "closed") {
      const { failures } = breaker;
      const isTried = !isOpen(breaker, nowMs) || hasProbe(breaker, nowMs);
      const next = isTried ? {} : { nextTryAtMs: nextTryAtMs(breaker, nowMs) };
      return [{ subject, why: "failures", failures, ...next }];
    }
    return block?.kind === "until" && block.untilMs > nowMs
      ? [{ subject, why: block.reason, nextTryAtMs: block.untilMs }]
      : [];
  });
}

/**
 * The providers whose keys were not accepted, as long as they are the same keys.
 * @param providers with what their keys are known by.
 */
export function refusedIn(
  health: HealthSnapshot,
  providers: ReadonlyMap<string, { readonly name: string; readonly fingerprint: string }>,
): readonly Refused[] {
  return [...health].flatMap(([provider, { pause: block }]): readonly Refused[] => {
    const connection = providers.get(provider);
    return block?.kind === "unchanged" &&
      block.reason === "auth" &&
      connection?.fingerprint === block.fingerprint
      ? [{ provider, name: connection.name }]
      : [];
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

/** How long it is until a moment: seconds, and minutes where those would be many. */
export function timeUntil(atMs: number, nowMs: number): string {
  const seconds = Math.max(1, Math.ceil((atMs - nowMs) / 1000));
  return seconds <= 120 ? `${seconds}\u00a0s` : `${Math.ceil(seconds / 60)}\u00a0min`;
}
