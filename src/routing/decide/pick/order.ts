import type { ChainStep, PickMethod } from "../../../contract/decision.ts";
import type { Latency } from "../../../contract/health.ts";
import { type ModelRef, splitRef } from "../../../contract/model.ts";
import { NANO_PER_USD } from "../../../contract/money.ts";

/** The assumed latency of a model without answers: about the middle of the hosted models of 2026. */
const PRIOR_LATENCY: Latency = { firstTokenMs: 1500, tokensPerSecond: 60 };

/** What the methods compare candidates by. */
export type PickContext = {
  readonly latencyOf: (ref: ModelRef) => Latency | undefined;
  /** The price of a second of waiting, in dollars. */
  readonly secondUsd: number;
  /** A preference, not a requirement: candidates that meet it come first. */
  readonly preferQuality?: number | undefined;
};

/**
 * Orders candidates as a chain: the pick first, then the others in the method's order, except that a model of another
 * provider comes second, because a failing provider usually fails for all of its models. `first` keeps the user's order.
 */
export function orderBy(
  method: OrderMethod,
  steps: readonly ChainStep[],
  context: PickContext,
): readonly ChainStep[] {
  if (method === "first" || method === "explicit" || steps.length < 2) return steps;
  const ranked = steps.map((step) => ({ step, keys: keysOf(method, step, context) }));
  ranked.sort((a, b) => compareKeys(a.keys, b.keys));
  return otherProviderSecond(ranked.map(({ step }) => step));
}

/** The same order, except that the first model of another provider than the pick's comes second. */
export function otherProviderSecond(steps: readonly ChainStep[]): readonly ChainStep[] {
  const [pick] = steps;
  if (pick === undefined) return steps;
  const { provider } = splitRef(pick.ref);
  const at = steps.findIndex(({ ref }) => splitRef(ref).provider !== provider);
  const other = steps[at];
  if (other === undefined || at === 1) return steps;
  return [pick, other, ...steps.slice(1, at), ...steps.slice(at + 1)];
}

/** The expected milliseconds of a whole answer. */
export function expectedMs(latency: Latency | undefined, outputTokens: number): number {
  const { firstTokenMs, tokensPerSecond } = latency ?? PRIOR_LATENCY;
  return firstTokenMs + (outputTokens / Math.max(tokensPerSecond, 0.1)) * 1000;
}

/** The quality that a plan prefers, less a tolerance. Rounded, so that 0.7 less 0.02 is not above 0.68. */
export function preferredQuality(
  preferred: number | "best" | undefined,
  tolerance: number,
  steps: readonly ChainStep[],
): number | undefined {
  if (preferred === undefined) return undefined;
  const quality = preferred === "best" ? Math.max(0, ...steps.map((step) => step.quality ?? 0)) : preferred;
  return Math.round((quality - tolerance) * 1e6) / 1e6;
}

/** The methods that order candidates. A cascade is ordered by one of them (cascade.ts). */
export type OrderMethod = Exclude<PickMethod, "cascade">;

/** The methods that compare candidates. */
export type ComparingMethod = Exclude<OrderMethod, "first" | "explicit">;

/**
 * The keys that a method compares, the most important first, lower is better.
 * @param extraMs waiting in addition to the answer's own
 */
export function keysOf(
  method: ComparingMethod,
  { ref, expectedNanoUsd = Number.POSITIVE_INFINITY, expectedOutputTokens = 0, quality = 0 }: ChainStep,
  { latencyOf, secondUsd, preferQuality }: PickContext,
  extraMs = 0,
): readonly number[] {
  const shortfall = preferQuality === undefined || quality >= preferQuality ? 0 : preferQuality - quality;
  switch (method) {
    case "best-quality":
    case "cheapest":
      return [shortfall, expectedNanoUsd, -quality];
    case "fastest":
      return [shortfall, expectedMs(latencyOf(ref), expectedOutputTokens) + extraMs, expectedNanoUsd];
    case "balanced": {
      const seconds = (expectedMs(latencyOf(ref), expectedOutputTokens) + extraMs) / 1000;
      return [shortfall, expectedNanoUsd + seconds * secondUsd * NANO_PER_USD, -quality];
    }
  }
}

/** Negative if the first keys are better. Keys that cannot be compared, such as two infinities, count as equal. */
export function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
