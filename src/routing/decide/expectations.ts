import {
  type ChainStep,
  type CostRange,
  type Decision,
  type DecisionOutcome,
  type OutputRange,
  routeName,
} from "../../contract/decision.ts";
import type { ModelCard } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import { unknownCard } from "../../models/catalogue.ts";
import { outputTokenNanoUsd } from "../../models/price.ts";
import { outputLimitOf } from "./budget.ts";
import { outputEstimator } from "./pick/outputEstimate.ts";
import type { Plan } from "./plan.ts";
import type { DecisionInput } from "./world.ts";

/** The expected output tokens of each model, within its output limit. The range is unknown if the caller states a length. */
export type Outputs = {
  readonly tokensOf: (card: ModelCard) => number;
  readonly rangeOf: (card: ModelCard) => OutputRange | undefined;
};

/** Estimates the answers to a request, from the history of its route and command. */
export function outputsFor(
  { route }: Plan,
  { attributes, features, settings, world }: DecisionInput,
): Outputs {
  const { command, characters, expectedOutputTokens } = attributes;
  const requestLimit = outputLimitOf({}, attributes, settings);
  const limitOf = ({ maxOutputTokens = requestLimit }: ModelCard) => Math.min(requestLimit, maxOutputTokens);
  if (expectedOutputTokens !== undefined) {
    return {
      tokensOf: (card) => Math.min(limitOf(card), expectedOutputTokens),
      rangeOf: () => undefined,
    };
  }
  const task = { route: routeName(route), command, level: features.complexity.level };
  const { tokensOf, rangeOf } = outputEstimator(world.answers, task, characters);
  return {
    tokensOf: (card) => Math.min(limitOf(card), tokensOf(card)),
    rangeOf: (card) => {
      const { low, high } = rangeOf(card);
      return { low: Math.min(limitOf(card), low), high: Math.min(limitOf(card), high) };
    },
  };
}

/** What is expected of the model that comes first, or that would if the prompt were sent. */
export function expectationsOf(
  outcome: DecisionOutcome,
  wanted: ChainStep | undefined,
  outputs: Outputs,
  { features: { contextTokens }, world }: DecisionInput,
): Pick<Decision, "expectedOutputTokens" | "expectedOutputRange" | "expectedCostRange"> {
  const first = outcome.kind === "chosen" ? outcome.chain[0] : wanted;
  const card = world.cards.get(first?.ref ?? "") ?? unknownCard(first?.ref ?? "");
  const expectedOutputTokens = first?.expectedOutputTokens ?? outputs.tokensOf(card);
  const range = outputs.rangeOf(card);
  if (range === undefined || first === undefined) return { expectedOutputTokens };
  return {
    expectedOutputTokens,
    expectedOutputRange: range,
    expectedCostRange: costRangeOf(first.expectedNanoUsd, expectedOutputTokens, range, card, contextTokens),
  };
}

/** The cost over a range of output tokens, which it is proportional to; the input, cached or not, costs the same. */
function costRangeOf(
  expectedNanoUsd: NanoUsd | undefined,
  tokens: number,
  { low, high }: OutputRange,
  card: ModelCard,
  inputTokens: number,
): CostRange | undefined {
  const tokenNanoUsd = outputTokenNanoUsd(card, inputTokens);
  if (expectedNanoUsd === undefined || tokenNanoUsd === undefined) return undefined;
  return {
    lowNanoUsd: Math.max(0, Math.round(expectedNanoUsd - (tokens - low) * tokenNanoUsd)),
    highNanoUsd: Math.round(expectedNanoUsd + (high - tokens) * tokenNanoUsd),
  };
}
