import type { ModelCard } from "../contract/model.ts";
import { type NanoUsd, nanoUsd, type Usage } from "../contract/money.ts";
import { type NanoPrices, type PriceTier, tiersOf } from "./nanoPrices.ts";

const TOKENS_PER_PRICE = 1_000_000n;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A cost is the sum of at most three kinds of input, each rounded up by itself. */
const ROUNDED_KINDS_OF_INPUT = 3n;

/**
 * What a call cost, each kind of token at its own price, rounded up to a whole nano-dollar; what the provider bills
 * itself goes first. Undefined where a price is not known: unknown is not zero.
 */
export function costOf(card: ModelCard, usage: Usage): NanoUsd | undefined {
  if (card.local) return 0;
  if (usage.billedUsd !== undefined && usage.billedUsd >= 0) return safe(nanoUsd(usage.billedUsd));
  const prices = pricesFor(card, usage.inputTokens);
  if (prices === undefined) return undefined;
  const read = tokens(usage.cacheReadTokens);
  const written = tokens(usage.cacheWriteTokens);
  const input = tokens(usage.inputTokens);
  const output = tokens(usage.outputTokens);
  if (read === undefined || written === undefined || input === undefined || output === undefined) {
    return undefined;
  }
  const fresh = input - read - written;
  return fromBig(
    product(fresh < 0n ? 0n : fresh, prices.input) +
      product(read, prices.cacheRead) +
      product(written, prices.cacheWrite) +
      product(output, prices.output),
  );
}

/**
 * The most that a call within these bounds can cost: all input at the dearest price that can apply to any of it, in any
 * tier that it can reach. Undefined where the price is not known.
 */
export function worstCaseOf(
  card: ModelCard,
  inputBoundTokens: number,
  maxOutputTokens: number,
): NanoUsd | undefined {
  if (card.local) return 0;
  const dearest = dearestOf(card, inputBoundTokens);
  const input = tokens(inputBoundTokens);
  const output = tokens(maxOutputTokens);
  if (dearest === undefined || input === undefined || output === undefined) return undefined;
  return fromBig(inputWorst(input, dearest.input) + product(output, dearest.output));
}

/** The most output tokens whose worst case fits into an amount; 0 where the input alone does not, or has no price. */
export function affordableOutputTokens(card: ModelCard, inputBoundTokens: number, amount: NanoUsd): number {
  if (card.local) return Number.MAX_SAFE_INTEGER;
  const dearest = dearestOf(card, inputBoundTokens);
  const input = tokens(inputBoundTokens);
  const have = tokens(Math.floor(amount));
  if (dearest === undefined || input === undefined || have === undefined) return 0;
  const left = have - inputWorst(input, dearest.input);
  if (left < 0n) return 0;
  if (dearest.output === 0n) return Number.MAX_SAFE_INTEGER;
  const fit = (left * TOKENS_PER_PRICE) / dearest.output;
  return fit > MAX_SAFE ? Number.MAX_SAFE_INTEGER : Number(fit);
}

/** What a call is expected to cost, with `cachedTokens` of its input read from the provider's cache. */
export function expectedCost(
  card: ModelCard,
  inputTokens: number,
  outputTokens: number,
  cachedTokens = 0,
): NanoUsd | undefined {
  return costOf(card, {
    inputTokens,
    outputTokens,
    cacheReadTokens: Math.min(cachedTokens, inputTokens),
    cacheWriteTokens: 0,
    reasoningTokens: 0,
  });
}

/** The prices for a whole request of this size: those of the highest tier that it exceeds, else the basic ones. */
function pricesFor(card: ModelCard, inputTokens: number): NanoPrices | undefined {
  let best: PriceTier | undefined;
  for (const tier of tiersOf(card)) {
    if (tier.aboveInputTokens < inputTokens && tier.aboveInputTokens >= (best ?? tier).aboveInputTokens)
      best = tier;
  }
  return best?.prices;
}

function dearestOf(
  card: ModelCard,
  inputBoundTokens: number,
): { readonly input: bigint; readonly output: bigint } | undefined {
  let input = 0n;
  let output = 0n;
  for (const { aboveInputTokens, prices } of tiersOf(card)) {
    if (aboveInputTokens >= inputBoundTokens) continue;
    if (prices === undefined) return undefined;
    input = largest(input, prices.input, prices.cacheWrite, prices.cacheRead);
    output = largest(output, prices.output);
  }
  return { input, output };
}

function inputWorst(input: bigint, price: bigint): bigint {
  const cost = product(input, price);
  return cost === 0n ? 0n : cost + ROUNDED_KINDS_OF_INPUT - 1n;
}

/** ceil(tokens × nano-dollars per million tokens / 10⁶). */
function product(count: bigint, price: bigint): bigint {
  return (count * price + TOKENS_PER_PRICE - 1n) / TOKENS_PER_PRICE;
}

function tokens(count: number): bigint | undefined {
  return Number.isFinite(count) ? BigInt(Math.max(0, Math.ceil(count))) : undefined;
}

function largest(...amounts: readonly bigint[]): bigint {
  let most = 0n;
  for (const amount of amounts) if (amount > most) most = amount;
  return most;
}

/** Beyond a safe integer (nine million dollars) nothing is known. */
function fromBig(amount: bigint): NanoUsd | undefined {
  return amount > MAX_SAFE ? undefined : Number(amount);
}

function safe(amount: number): NanoUsd | undefined {
  return Number.isSafeInteger(amount) ? amount : undefined;
}
