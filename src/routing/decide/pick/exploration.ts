import type { ChainStep, Exploration, PickMethod } from "../../../contract/decision.ts";
import type { Latency } from "../../../contract/health.ts";
import { fractionOf } from "../../experiments/assignment.ts";
import { compareKeys, keysOf, type PickContext } from "./order.ts";

/** The share of requests that try a model whose speed is not known, or was measured long ago. */
const SHARE = 0.05;

/** A measured speed is out of date below this weight: after a day of silence for often used models, sooner for others. */
const MIN_WEIGHT = 0.5;

/** About the fastest hosted models of 2026. A model that would not win even with this speed is not tried. */
const OPTIMISTIC: Latency = { firstTokenMs: 300, tokensPerSecond: 200 };

/** How well the speed of a model is known. */
export function speedBasis(latency: Latency | undefined): "measured" | "stale" | "unknown" {
  if (latency === undefined) return "unknown";
  return latency.weight === undefined || latency.weight >= MIN_WEIGHT ? "measured" : "stale";
}

/**
 * Moves a model of unknown or outdated speed to the front for a small share of the requests, which a hash of the request's
 * id selects. Otherwise `fastest` and `balanced` would never measure a model again that once was slower than another. The
 * model is the one that is known least of those that would win if they were fast. Nothing is moved if the first model is
 * about to be measured itself.
 * @param steps in the order of the pick
 */
export function withExploration(
  method: PickMethod,
  steps: readonly ChainStep[],
  context: PickContext,
  requestId: string,
): { readonly steps: readonly ChainStep[]; readonly exploration?: Exploration | undefined } {
  if (method !== "fastest" && method !== "balanced") return { steps };
  const [first, ...others] = steps;
  const basisOf = ({ ref }: ChainStep) => speedBasis(context.latencyOf(ref));
  if (first === undefined || basisOf(first) !== "measured") return { steps };
  if (fractionOf("exploration", requestId) >= SHARE) return { steps };
  const toBeat = keysOf(method, first, context);
  const optimistic = { ...context, latencyOf: () => OPTIMISTIC };
  const weightOf = ({ ref }: ChainStep) => context.latencyOf(ref)?.weight ?? 0;
  const [tried] = others
    .filter(
      (step) => basisOf(step) !== "measured" && compareKeys(keysOf(method, step, optimistic), toBeat) < 0,
    )
    .sort((a, b) => weightOf(a) - weightOf(b));
  if (tried === undefined) return { steps };
  const basis = basisOf(tried);
  return {
    steps: [tried, ...steps.filter((step) => step !== tried)],
    exploration: { instead: first.ref, basis: basis === "stale" ? "stale" : "unknown", share: SHARE },
  };
}
