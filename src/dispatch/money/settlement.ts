import type { FailureRecord } from "../../contract/failure.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import type { Cost, NanoUsd, Usage } from "../../contract/money.ts";
import { costOf } from "../../models/price.ts";
import { consequenceOf } from "../failurePolicy.ts";
import { alwaysReasons } from "../limits.ts";

/** Fewer characters per token than prose and code have, so that estimates from a number of characters err high. */
const CHARACTERS_PER_TOKEN = 3;

/** Covers the error of local token counts: they are up to 12 % too low for JSON, less for other text (against o200k). */
const ERROR_FACTOR = 1.15;

/**
 * A provider's count is wrong if a token of output had more than 16 characters on average, or if it is less than a
 * quarter of the input that is counted locally: real texts have 2 to 6 characters a token.
 */
const MAX_CHARACTERS_PER_TOKEN = 16;
const MIN_SHARE_OF_INPUT = 0.25;

/** What an attempt cost, and the usage that the cost is based on. */
export type Settlement = {
  readonly cost: Cost;
  readonly usage?: Usage | undefined;
  /** The model that answered, if it is not the one that was asked. */
  readonly answeredBy?: ModelRef | undefined;
};

/** What determines the cost of an attempt. */
export type Received = {
  /** The provider's count; undefined if the provider sent none. */
  readonly usage: Usage | undefined;
  readonly failure: FailureRecord | undefined;
  /** An estimate of the tokens of the conversation that was sent. */
  readonly sentTokens: number;
  /** Characters of text, reasoning and complete tool calls. */
  readonly characters: number;
  /** Characters of tool calls that are not complete, which are billed but not shown. */
  readonly incompleteCallCharacters: number;
  /** True if reasoning was received. */
  readonly hasReasoned: boolean;
};

/**
 * What an attempt cost, by the provider's own count, else by a local count. The local count errs high, because other
 * requests may spend what an estimate frees. Where the provider's count is too low to be true, the larger of the two
 * counts. Zero if the failure shows that nothing was charged.
 * @param inputTokens estimated
 * @param outputTokens estimated, of everything received
 */
export function settlementOf(
  card: ModelCard,
  received: Received,
  inputTokens: () => number,
  outputTokens: () => number,
  reservedNanoUsd: NanoUsd,
): Settlement {
  const { failure, characters, incompleteCallCharacters, hasReasoned } = received;
  const reported = received.usage;
  if (reported !== undefined && !isTooLow(reported, received)) {
    return { cost: charge(card, reported, "exact"), usage: reported };
  }
  const isEmpty = characters + incompleteCallCharacters === 0;
  if (failure !== undefined && isEmpty && !mayBeCharged(failure)) {
    return { cost: { kind: "exact", nanoUsd: 0 } };
  }
  const counted = estimatedUsage(card, inputTokens(), outputTokens() + tokensOf(incompleteCallCharacters));
  const usage =
    reported === undefined
      ? counted
      : {
          ...reported,
          inputTokens: Math.max(reported.inputTokens, counted.inputTokens),
          outputTokens: Math.max(reported.outputTokens, counted.outputTokens),
        };
  const cost = charge(card, usage, "estimated");
  // Hidden reasoning is billed too, but cannot be counted here.
  if (cost.kind === "estimated" && !hasReasoned && alwaysReasons(card)) {
    return { cost: { kind: "estimated", nanoUsd: Math.max(cost.nanoUsd, reservedNanoUsd) }, usage };
  }
  return { cost, usage };
}

/** Whether a count of tokens is less than what was sent and received can have. An amount that is billed needs none. */
function isTooLow({ billedUsd, inputTokens, outputTokens }: Usage, received: Received): boolean {
  if (billedUsd !== undefined) return false;
  const characters = received.characters + received.incompleteCallCharacters;
  return (
    inputTokens < received.sentTokens * MIN_SHARE_OF_INPUT ||
    outputTokens * MAX_CHARACTERS_PER_TOKEN < characters
  );
}

/** An estimate of what a running attempt has cost so far; undefined if the price is unknown. */
export function costSoFar(card: ModelCard, inputTokens: number, characters: number): NanoUsd | undefined {
  const cost = charge(card, estimatedUsage(card, inputTokens, tokensOf(characters)), "estimated");
  return cost.kind === "unknown" ? undefined : cost.nanoUsd;
}

/** False if nothing was sent, or if providers charge nothing for this kind of failure. */
export function mayBeCharged(failure: FailureRecord): boolean {
  return failure.notSent !== true && consequenceOf(failure).mayBeCharged;
}

/** The cost of a call. @param kind `exact` for the provider's own count of tokens, `estimated` for a local count */
export function charge(card: ModelCard, usage: Usage, kind: "exact" | "estimated"): Cost {
  if (card.simulated === true) return { kind: "exact", nanoUsd: 0 };
  const nanoUsd = costOf(card, usage);
  if (nanoUsd === undefined) return { kind: "unknown" };
  if (nanoUsd === 0) return { kind: "exact", nanoUsd };
  return { kind: usage.isUncertain === true ? "estimated" : kind, nanoUsd };
}

/** The sum of costs: unknown if one of them is unknown, else estimated if one of them is estimated. */
export function sumOf(costs: readonly Cost[]): Cost {
  let nanoUsd: NanoUsd = 0;
  let kind: "exact" | "estimated" = "exact";
  for (const cost of costs) {
    if (cost.kind === "unknown") return cost;
    nanoUsd += cost.nanoUsd;
    if (cost.kind === "estimated") kind = "estimated";
  }
  return { kind, nanoUsd };
}

function tokensOf(characters: number): number {
  return characters / CHARACTERS_PER_TOKEN;
}

function estimatedUsage(card: ModelCard, inputTokens: number, outputTokens: number): Usage {
  const input = Math.ceil(inputTokens * ERROR_FACTOR);
  const writesCache = (card.cacheWriteUsdPerMTok ?? 0) > (card.inputUsdPerMTok ?? 0);
  return {
    inputTokens: input,
    outputTokens: Math.ceil(outputTokens * ERROR_FACTOR),
    cacheReadTokens: 0,
    // If writing to the prompt cache costs more than other input, all input may have been written to it.
    cacheWriteTokens: writesCache ? input : 0,
    reasoningTokens: 0,
  };
}
