import type { FailureRecord } from "../contract/failure.ts";
import type { ModelCard } from "../contract/model.ts";
import type { Cost, NanoUsd, Usage } from "../contract/money.ts";
import { costOf } from "../models/price.ts";
import { consequenceOf } from "./failurePolicy.ts";
import { alwaysReasons } from "./limits.ts";

/** English prose and code have about this many characters a token: enough for the journal, which errs high. */
const CHARACTERS_PER_TOKEN = 3;

/** How far a local count of tokens can be too low: 12 % for JSON, less for everything else (measured against o200k). */
const ERROR_FACTOR = 1.15;

/** What an attempt cost, and the usage that the cost is based on. */
export type Settlement = { readonly cost: Cost; readonly usage?: Usage | undefined };

/** What one attempt received, as far as its cost depends on it. */
export type Received = {
  /** The provider's count, where it came. */
  readonly usage: Usage | undefined;
  readonly failure: FailureRecord | undefined;
  /** Characters of text, reasoning and complete tool calls. */
  readonly characters: number;
  /** Characters of tool calls that are not complete: billed, and shown to no one. */
  readonly incompleteCallCharacters: number;
  readonly reasoned: boolean;
};

/**
 * What an attempt cost: by the provider's own count, else by a local one that errs high, since what an estimate leaves
 * free, other requests spend at once. Nothing where the failure shows that nothing was charged.
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
  const { failure, characters, incompleteCallCharacters, reasoned } = received;
  if (received.usage !== undefined) {
    return { cost: charge(card, received.usage, "exact"), usage: received.usage };
  }
  const isEmpty = characters + incompleteCallCharacters === 0;
  if (failure !== undefined && isEmpty && !mayBeCharged(failure)) {
    return { cost: { kind: "exact", nanoUsd: 0 } };
  }
  const usage = estimatedUsage(card, inputTokens(), outputTokens() + tokensOf(incompleteCallCharacters));
  const cost = charge(card, usage, "estimated");
  // Reasoning that is not shown is billed all the same, and cannot be counted here.
  if (cost.kind === "estimated" && !reasoned && alwaysReasons(card)) {
    return { cost: { kind: "estimated", nanoUsd: Math.max(cost.nanoUsd, reservedNanoUsd) }, usage };
  }
  return { cost, usage };
}

/** What a running attempt has cost so far, at least about; undefined where the price is not known. */
export function costSoFar(card: ModelCard, inputTokens: number, characters: number): NanoUsd | undefined {
  const cost = charge(card, estimatedUsage(card, inputTokens, tokensOf(characters)), "estimated");
  return cost.kind === "unknown" ? undefined : cost.nanoUsd;
}

/** False where nothing was sent, or the failure is one that providers charge nothing for. */
export function mayBeCharged(failure: FailureRecord): boolean {
  return failure.notSent !== true && consequenceOf(failure).mayBeCharged;
}

/** What a call of a model costs: the provider's own count of tokens makes it exact, a local one an estimate. */
export function charge(card: ModelCard, usage: Usage, kind: "exact" | "estimated"): Cost {
  if (card.simulated === true) return { kind: "exact", nanoUsd: 0 };
  const nanoUsd = costOf(card, usage);
  return nanoUsd === undefined ? { kind: "unknown" } : { kind: nanoUsd === 0 ? "exact" : kind, nanoUsd };
}

/** What several attempts cost together. One unknown makes the sum unknown, one estimate an estimate. */
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
    // Where writing into the prompt cache costs extra, all of it may have been written.
    cacheWriteTokens: writesCache ? input : 0,
    reasoningTokens: 0,
  };
}
