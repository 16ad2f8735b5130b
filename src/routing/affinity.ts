import type { Affinity, ChainStep, PickMethod } from "../contract/decision.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import { NANO_PER_USD } from "../contract/money.ts";
import { cacheUseOf, costWithCache, type LastAnswer } from "./cacheUse.ts";
import {
  type ComparingMethod,
  compare,
  expectedMs,
  keysOf,
  otherProviderNext,
  type PickContext,
} from "./pick.ts";

export type AffinityContext = PickContext & {
  readonly last: LastAnswer;
  readonly nowMs: number;
  readonly expectedInputTokens: number;
  readonly cardOf: (ref: ModelRef) => ModelCard | undefined;
  /** How long the provider's cache keeps a prompt. */
  readonly ttlMs?: number;
};

type Weighed = Extract<Affinity, { kind: "stayed" | "switched" }>;

/** Which of a method's keys are what it goes by (a wish for quality, and its figure); the others only break ties. */
const FIGURES = 2;

export type WithAffinity = {
  /** The chain to use, its expected costs with the caches. */
  readonly steps: readonly ChainStep[];
  /** Left out where there was nothing to weigh. */
  readonly affinity?: Affinity;
};

/**
 * The chain of a request within a conversation: the model that answered last stays, unless another is better by more
 * than switching costs. The last one's answer is priced with what it reads from its cache, everybody else's with all
 * input paid in full (and written to their cache, where that has a price); then the pick's own figures are compared
 * again, and the last one wins a draw.
 *
 * - `cheapest`, `balanced`: the cost of switching is in the money that they compare.
 * - `fastest`: the money that switching costs more for the input is added as time, at `secondUsd` a second.
 * - `best-quality`: a better model always wins; among equals it is the money, as behind every figure.
 *
 * With the cache cold, the last model not among the eligible, or under a pick that compares nothing, the chain stays as
 * it is. Only this answer is weighed: whether the conversation goes on is not known.
 * @param steps the eligible ones of the route in the pick's order.
 */
export function withAffinity(
  method: PickMethod,
  steps: readonly ChainStep[],
  context: AffinityContext,
): WithAffinity {
  if (method === "first" || method === "explicit" || steps.length < 2) return { steps };
  const { last, nowMs, expectedInputTokens, cardOf, ttlMs } = context;
  const lastStep = steps.find(({ ref }) => ref === last.ref);
  const card = cardOf(last.ref);
  if (lastStep === undefined || card === undefined) return { steps };
  const use = cacheUseOf(card, last, expectedInputTokens, nowMs, ttlMs);
  if (use.kind === "cold") {
    return { steps, affinity: { kind: "cold", last: last.ref, reason: use.reason } };
  }

  const stay = rankOf(method, lastStep, card, use.readTokens, 0, context);
  const others = steps
    .filter((step) => step !== lastStep)
    .map((step) => {
      const extraMs = method === "fastest" ? penaltyMs(card, cardOf(step.ref), use.readTokens, context) : 0;
      return rankOf(method, step, cardOf(step.ref), 0, extraMs, context);
    })
    .sort((a, b) => compare(a.key, b.key));
  const [other] = others;
  if (other === undefined) return { steps };
  const isSwitched = compare(other.key.slice(0, FIGURES), stay.key) < 0;
  const ranked = isSwitched ? [...others, stay].sort((a, b) => compare(a.key, b.key)) : [stay, ...others];
  return {
    steps: otherProviderNext(ranked.map(({ step }) => step)),
    affinity: {
      kind: isSwitched ? "switched" : "stayed",
      last: last.ref,
      other: other.step.ref,
      cachedTokens: use.readTokens,
      ...defined("stayNanoUsd", stay.step.expectedNanoUsd),
      ...defined("switchNanoUsd", other.step.expectedNanoUsd),
      ...timesOf(method, stay, other, context),
    },
  };
}

type Rank = { readonly step: ChainStep; readonly key: readonly number[]; readonly extraMs: number };

function rankOf(
  method: ComparingMethod,
  step: ChainStep,
  card: ModelCard | undefined,
  readTokens: number,
  extraMs: number,
  context: AffinityContext,
): Rank {
  const { expectedInputTokens, expectedOutputTokens } = context;
  const cost =
    card === undefined
      ? undefined
      : costWithCache(card, expectedInputTokens, expectedOutputTokens, readTokens);
  const priced = cost === undefined ? step : { ...step, expectedNanoUsd: cost };
  return { step: priced, key: keysOf(method, priced, context, extraMs), extraMs };
}

/**
 * What switching costs more for the input alone, as time. Where the other's price is not known, what staying saves
 * stands in for it.
 */
function penaltyMs(
  last: ModelCard,
  other: ModelCard | undefined,
  readTokens: number,
  { expectedInputTokens, secondUsd }: AffinityContext,
): number {
  const stay = costWithCache(last, expectedInputTokens, 0, readTokens);
  if (stay === undefined) return 0;
  const full =
    (other === undefined ? undefined : costWithCache(other, expectedInputTokens, 0, 0)) ??
    costWithCache(last, expectedInputTokens, 0, 0) ??
    stay;
  return full <= stay ? 0 : ((full - stay) / (secondUsd * NANO_PER_USD)) * 1000;
}

/** What is written down of time, where the method goes by it; an endless time cannot be written as JSON. */
function timesOf(
  method: ComparingMethod,
  stay: Rank,
  other: Rank,
  { expectedOutputTokens, latencyOf }: AffinityContext,
): Pick<Weighed, "stayMs" | "switchMs" | "switchPenaltyMs"> {
  if (method !== "fastest" && method !== "balanced") return {};
  const ms = ({ step }: Rank) => expectedMs(latencyOf(step.ref), expectedOutputTokens);
  return {
    stayMs: ms(stay),
    switchMs: ms(other),
    ...(method === "fastest" && Number.isFinite(other.extraMs) ? { switchPenaltyMs: other.extraMs } : {}),
  };
}

function defined(
  name: "stayNanoUsd" | "switchNanoUsd",
  value: number | undefined,
): Pick<Weighed, "stayNanoUsd" | "switchNanoUsd"> {
  return value === undefined ? {} : { [name]: value };
}
