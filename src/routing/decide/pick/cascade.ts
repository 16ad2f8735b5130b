import type { ChainStep } from "../../../contract/decision.ts";
import type { Cascade } from "../../../contract/edit/cascade.ts";
import type { CheckRecord } from "../../../contract/history.ts";
import type { ModelRef } from "../../../contract/model.ts";
import { compareCosts, costOf, nextBetter } from "./nextBetter.ts";
import { preferredQuality } from "./order.ts";

/**
 * How often the check rejects wrong edits is known from this many that were discarded or undone. If it has rejected ten of
 * ten, the interval begins at 0.72: about the lowest share at which beginning with a cheap model pays (docs/performance.md).
 */
const MIN_WRONG_EDITS = 10;

/** What a route needs whose qualities are not all known: about the middle of the routes in docs/performance.md. */
const NEEDED_BY_DEFAULT = 0.85;

/**
 * The share of the tasks that a stronger model does not solve, and that each weaker one before it does. A low estimate: on
 * SWE-bench Verified, the best one of 24 models solves 74.2 %, and the best three together 78.4 %, which is 0.08 for each of
 * two.
 */
const SOLVED_BY_WEAKER = 0.05;

/** The 0.975 quantile of the normal distribution. */
const Z = 1.96;

/** Sums of shares differ in their last digits. */
const ROUNDING = 1e-9;

/** What the order of a cascade depends on, besides its models. */
export type CascadeInput = {
  /** The answer becomes an edit that is checked. */
  readonly isEdit: boolean;
  /** How many models may follow the first one; 0 if `switchyard.escalate` is off. */
  readonly maxSteps: number;
  /** `switchyard.derived.tolerance` */
  readonly tolerance: number;
  readonly hasVerifyCommand: boolean;
  /** Of the route and the language; undefined if no edit was judged. */
  readonly record: CheckRecord | undefined;
};

/** How the models of a cascade are ordered, and why. */
export type CascadeOrder = {
  readonly method: "cheapest" | "best-quality";
  readonly preferQuality: number | "best" | undefined;
  /** The model that comes first; undefined if the method determines it. */
  readonly first?: ModelRef | undefined;
  readonly cascade: Cascade;
};

/**
 * The order of a route with `"pick": "cascade"`. A check makes it possible to begin with a cheap model: where it rejects the
 * edit, a better one tries. Each wrong edit that it passes is lost, so this pays only if it rejects enough of them. Of the
 * models from which it is expected to pay, the cheapest one comes first; if there is none, the strongest one.
 */
export function cascadeOrder(steps: readonly ChainStep[], input: CascadeInput): CascadeOrder {
  const { isEdit, maxSteps, hasVerifyCommand, record } = input;
  if (!isEdit) return strongestFirst({ kind: "no-check" });
  if (maxSteps === 0) return strongestFirst({ kind: "no-escalation" });
  const { wrong = 0, rejectedWrong = 0 } = record ?? {};
  if (wrong < MIN_WRONG_EDITS) {
    const known = { wrong, rejectedWrong, least: MIN_WRONG_EDITS };
    if (!hasVerifyCommand) return strongestFirst({ kind: "unknown", ...known });
    // Until it is measured, the command counts as always right.
    return orderAt(1, steps, input, (needed) => ({ kind: "command", ...known, needed }));
  }
  const known = { wrong, rejectedWrong, ...wilsonInterval(rejectedWrong, wrong) };
  return orderAt(rejectedWrong / wrong, steps, input, (needed) => ({ kind: "measured", ...known, needed }));
}

function strongestFirst(because: Cascade["because"]): CascadeOrder {
  return { method: "best-quality", preferQuality: "best", cascade: { first: "strongest", because } };
}

/** @param rejects the share of the wrong edits that the check rejects */
function orderAt(
  rejects: number,
  steps: readonly ChainStep[],
  { tolerance, maxSteps }: CascadeInput,
  becauseOf: (needed: number | undefined) => Cascade["because"],
): CascadeOrder {
  if (steps.some(({ quality }) => quality === undefined)) {
    const because = becauseOf(NEEDED_BY_DEFAULT);
    if (rejects < NEEDED_BY_DEFAULT) return strongestFirst(because);
    return { method: "cheapest", preferQuality: undefined, cascade: { first: "cheapest", because } };
  }
  const byCost = steps.toSorted(
    (a, b) => compareCosts(costOf(a), costOf(b)) || (b.quality ?? 0) - (a.quality ?? 0),
  );
  const nearBest = preferredQuality("best", tolerance, steps) ?? 0;
  const strongest = byCost.find(({ quality = 0 }) => quality >= nearBest);
  const ladders = byCost
    .filter((step) => step !== strongest)
    .map((step) => ladderFrom(step, steps, tolerance, maxSteps));
  const paying = (share: number) => ladders.find((ladder) => strongest && pays(ladder, share, strongest));
  const percents = Array.from({ length: 101 }, (_, percent) => percent / 100);
  const because = becauseOf(percents.find((share) => paying(share) !== undefined));
  const first = paying(rejects)?.[0];
  if (first === undefined) return strongestFirst(because);
  const cascade: Cascade = { first: "cheapest", because };
  return { method: "cheapest", preferQuality: first.quality, first: first.ref, cascade };
}

/** A model, and those that try after it, each if the check rejected the edit before. */
function ladderFrom(
  step: ChainStep,
  steps: readonly ChainStep[],
  tolerance: number,
  maxSteps: number,
): readonly ChainStep[] {
  const next = maxSteps === 0 ? undefined : nextBetter(step, steps, tolerance);
  return next === undefined ? [step] : [step, ...ladderFrom(next, steps, tolerance, maxSteps - 1)];
}

/**
 * Whether a ladder is expected to solve as much as the strongest model, for no more money, if the check rejects this share of
 * the wrong edits, and no right one. What a model solves, a better one solves too; besides, `SOLVED_BY_WEAKER`.
 */
function pays(ladder: readonly ChainStep[], rejects: number, strongest: ChainStep): boolean {
  let solved = 0;
  let nanoUsd = 0;
  /** The share of the tasks that no model so far solves, and of these the share in which every edit was rejected. */
  let unsolved = 1;
  let rejected = 1;
  for (const [weaker, { quality = 0, expectedNanoUsd = 0 }] of ladder.entries()) {
    nanoUsd += rejected * unsolved * expectedNanoUsd;
    const left = Math.min(unsolved, (1 - quality) * (1 - SOLVED_BY_WEAKER) ** weaker);
    solved += rejected * (unsolved - left);
    unsolved = left;
    rejected *= rejects;
  }
  const { quality = 0, expectedNanoUsd = 0 } = strongest;
  return solved >= quality - ROUNDING && nanoUsd <= expectedNanoUsd + ROUNDING;
}

/** The 95 % interval of a share (Wilson, "Probable inference …", Journal of the American Statistical Association, 1927). */
function wilsonInterval(count: number, of: number): { readonly low: number; readonly high: number } {
  const share = count / of;
  const scale = 1 + Z ** 2 / of;
  const middle = share + Z ** 2 / (2 * of);
  const margin = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return { low: (middle - margin) / scale, high: (middle + margin) / scale };
}
