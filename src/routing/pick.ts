import type { ChainStep, PickMethod } from "../contract/decision.ts";
import type { Latency } from "../contract/health.ts";
import { type ModelRef, splitRef } from "../contract/model.ts";
import { NANO_PER_USD } from "../contract/money.ts";

/** What is assumed of a model that has not answered yet: about the middle of today's hosted models. */
const PRIOR_LATENCY: Latency = { firstTokenMs: 1500, tokensPerSecond: 60, samples: 0 };

/** What the methods compare candidates by. */
export type PickContext = {
  readonly expectedOutputTokens: number;
  readonly latencyOf: (ref: ModelRef) => Latency | undefined;
  /** What a second of waiting is worth, in dollars. */
  readonly secondUsd: number;
  /** A wish, not a demand: those that meet it come first (the derived routes). */
  readonly preferQuality?: number;
};

/**
 * The candidates as a chain: the pick first, behind it the others in the method's order, but a model of another provider
 * next, so that one provider's failure does not take the answer with it. Under `first` the user's order is kept as it is.
 */
export function orderBy(
  method: PickMethod,
  steps: readonly ChainStep[],
  context: PickContext,
): readonly ChainStep[] {
  if (method === "first" || method === "explicit") return steps;
  const keyed = steps.map((step, index) => ({ step, index, key: keysOf(method, step, context) }));
  return otherProviderNext(
    keyed.sort((a, b) => compare(a.key, b.key) || a.index - b.index).map(({ step }) => step),
  );
}

/** The same order, but the first one of another provider than the pick's stands right behind it. */
export function otherProviderNext([pick, ...rest]: readonly ChainStep[]): readonly ChainStep[] {
  if (pick === undefined) return [];
  const provider = splitRef(pick.ref).provider;
  const other = rest.findIndex((step) => splitRef(step.ref).provider !== provider);
  const next = rest[other];
  return next === undefined ? [pick, ...rest] : [pick, next, ...rest.filter((step) => step !== next)];
}

/** Expected milliseconds of a whole answer. */
export function expectedMs(latency: Latency | undefined, outputTokens: number): number {
  const { firstTokenMs, tokensPerSecond } = latency ?? PRIOR_LATENCY;
  return firstTokenMs + (outputTokens / Math.max(tokensPerSecond, 0.1)) * 1000;
}

/** Methods that compare candidates. */
export type ComparingMethod = Exclude<PickMethod, "first" | "explicit">;

/**
 * What a method compares by, from left to right, the least first.
 * @param extraMs waiting that comes on top of the answer's own.
 */
export function keysOf(
  method: ComparingMethod,
  { ref, expectedNanoUsd = Number.POSITIVE_INFINITY, quality = 0 }: ChainStep,
  { expectedOutputTokens, latencyOf, secondUsd, preferQuality }: PickContext,
  extraMs = 0,
): readonly number[] {
  const short = preferQuality === undefined || quality >= preferQuality ? 0 : preferQuality - quality;
  const ms = () => expectedMs(latencyOf(ref), expectedOutputTokens) + extraMs;
  switch (method) {
    case "best-quality":
      return [-quality, expectedNanoUsd];
    case "cheapest":
      return [short, expectedNanoUsd, -quality];
    case "fastest":
      return [short, ms(), expectedNanoUsd];
    case "balanced":
      return [short, expectedNanoUsd + (ms() / 1000) * secondUsd * NANO_PER_USD, -quality];
  }
}

/** Below 0 where the first one is to be preferred. */
export function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
