import type { Affinity, ChainStep } from "../../../contract/decision.ts";
import type { ModelCard, ModelRef } from "../../../contract/model.ts";
import { NANO_PER_USD } from "../../../contract/money.ts";
import {
  type ComparingMethod,
  compareKeys,
  expectedMs,
  keysOf,
  type OrderMethod,
  otherProviderSecond,
  type PickContext,
} from "../pick/order.ts";
import type { LastAnswer } from "../world.ts";
import { cacheUseOf, costWithCache } from "./promptCache.ts";

export type AffinityContext = PickContext & {
  readonly last: LastAnswer;
  readonly nowMs: number;
  readonly expectedInputTokens: number;
  readonly cardOf: (ref: ModelRef) => ModelCard | undefined;
};

/** The keys of a method that decide whether to switch: its quality preference and its figure. The rest break ties. */
const DECISIVE_KEYS = 2;

export type WithAffinity = {
  /** The chain, with expected costs that include the caches. */
  readonly steps: readonly ChainStep[];
  /** Undefined if there was nothing to compare. */
  readonly affinity?: Affinity | undefined;
};

/**
 * Orders the chain of a request within a conversation: the model that answered last stays, unless another one is better
 * by more than switching costs. The last model's answer is priced with its cache reads, all others with the full input
 * (and with cache writes, if those have a price). Then the pick's own figures are compared again; the last model wins a
 * draw.
 *
 * - `cheapest`, `balanced`: the money they compare includes the cost of switching.
 * - `fastest`: the extra cost of the input is added as time, at `secondUsd` a second.
 * - `best-quality`: a model near the best quality wins over one that is not; among those near it, money decides.
 *
 * The chain stays unchanged if the cache is cold, the last model is not in it, or the pick compares nothing. If the user
 * picked another model, what that costs is recorded. Only this answer is considered, because the length of the
 * conversation is unknown.
 * @param steps the eligible models of the route, in the order of the pick
 */
export function withAffinity(
  method: OrderMethod,
  steps: readonly ChainStep[],
  context: AffinityContext,
): WithAffinity {
  if (method === "explicit") return { steps, affinity: pickedSwitch(steps, context) };
  if (method === "first" || steps.length < 2) return { steps };
  const { last, nowMs, expectedInputTokens, cardOf } = context;
  const lastStep = steps.find(({ ref }) => ref === last.ref);
  const card = cardOf(last.ref);
  if (lastStep === undefined || card === undefined) return { steps };
  const use = cacheUseOf(card, last, expectedInputTokens, nowMs);
  if (use.kind === "cold") {
    return { steps, affinity: { kind: "cold", last: last.ref, reason: use.reason } };
  }
  const stay = rankOf(method, lastStep, card, use.readTokens, 0, context);
  const others = steps
    .filter((step) => step !== lastStep)
    .map((step) => {
      const otherCard = cardOf(step.ref);
      const extraMs = method === "fastest" ? penaltyMs(card, otherCard, use.readTokens, context) : 0;
      return rankOf(method, step, otherCard, 0, extraMs, context);
    })
    .sort((a, b) => compareKeys(a.keys, b.keys));
  const [other] = others;
  if (other === undefined) return { steps };
  const isSwitched = compareKeys(other.keys.slice(0, DECISIVE_KEYS), stay.keys) < 0;
  const ranked = isSwitched
    ? [...others, stay].sort((a, b) => compareKeys(a.keys, b.keys))
    : [stay, ...others];
  return {
    steps: otherProviderSecond(ranked.map(({ step }) => step)),
    affinity: {
      kind: isSwitched ? "switched" : "stayed",
      last: last.ref,
      other: other.step.ref,
      cachedTokens: use.readTokens,
      stayNanoUsd: stay.step.expectedNanoUsd,
      switchNanoUsd: other.step.expectedNanoUsd,
      ...timesOf(method, stay, other, context),
    },
  };
}

/** The costs of staying and of switching if the user picked another model than the last one, whose cache is warm. */
function pickedSwitch(
  [picked]: readonly ChainStep[],
  { last, nowMs, expectedInputTokens, cardOf }: AffinityContext,
): Affinity | undefined {
  const card = cardOf(last.ref);
  const pickedCard = picked && cardOf(picked.ref);
  if (picked === undefined || card === undefined || picked.ref === last.ref) return undefined;
  const use = cacheUseOf(card, last, expectedInputTokens, nowMs);
  if (use.kind === "cold") return undefined;
  const { expectedOutputTokens = 0 } = picked;
  return {
    kind: "switched",
    last: last.ref,
    other: picked.ref,
    cachedTokens: use.readTokens,
    stayNanoUsd: costWithCache(card, expectedInputTokens, expectedOutputTokens, use.readTokens),
    switchNanoUsd: pickedCard && costWithCache(pickedCard, expectedInputTokens, expectedOutputTokens, 0),
  };
}

type Rank = { readonly step: ChainStep; readonly keys: readonly number[]; readonly extraMs: number };

function rankOf(
  method: ComparingMethod,
  step: ChainStep,
  card: ModelCard | undefined,
  readTokens: number,
  extraMs: number,
  context: AffinityContext,
): Rank {
  const { expectedOutputTokens = 0 } = step;
  const expectedNanoUsd =
    card && costWithCache(card, context.expectedInputTokens, expectedOutputTokens, readTokens);
  const priced = expectedNanoUsd === undefined ? step : { ...step, expectedNanoUsd };
  return { step: priced, keys: keysOf(method, priced, context, extraMs), extraMs };
}

/**
 * The extra cost of the input after a switch, converted to time. If the other model's price is unknown, the amount that
 * staying saves is used.
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
    (other && costWithCache(other, expectedInputTokens, 0, 0)) ??
    costWithCache(last, expectedInputTokens, 0, 0) ??
    stay;
  return full <= stay ? 0 : ((full - stay) / (secondUsd * NANO_PER_USD)) * 1000;
}

type Times = Pick<
  Extract<Affinity, { kind: "stayed" | "switched" }>,
  "stayMs" | "switchMs" | "switchPenaltyMs"
>;

/** The times to record for a method that compares time. An infinite penalty is left out: JSON has no infinity. */
function timesOf(method: ComparingMethod, stay: Rank, other: Rank, { latencyOf }: AffinityContext): Times {
  if (method !== "fastest" && method !== "balanced") return {};
  const msOf = ({ ref, expectedOutputTokens = 0 }: ChainStep) =>
    expectedMs(latencyOf(ref), expectedOutputTokens);
  const hasPenalty = method === "fastest" && Number.isFinite(other.extraMs);
  return {
    stayMs: msOf(stay.step),
    switchMs: msOf(other.step),
    switchPenaltyMs: hasPenalty ? other.extraMs : undefined,
  };
}
