import type { ModelCard, Prices } from "../contract/model.ts";
import { type NanoUsd, nanoUsd, type Usage } from "../contract/money.ts";

const TOKENS_PER_PRICE = 1_000_000n;

/** The largest amount, nine million dollars: more than any budget. A larger cost, or an infinite one, counts as this one. */
const MAX_AMOUNT = BigInt(Number.MAX_SAFE_INTEGER);

/** The cost of a request is the sum of at most three kinds of input, each rounded up by itself. None asks for an hour. */
const ROUNDED_KINDS_OF_INPUT = 3n;

/**
 * Input that is written to the cache for an hour costs twice as much as other input
 * (https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing).
 */
const HOUR_WRITE_FACTOR = 2n;

/**
 * What a call cost: each kind of token at its own price, rounded up to a whole nano-dollar. An amount that the provider
 * bills itself takes precedence. Undefined if a price is unknown, which is not the same as zero; the price of audio is.
 */
export function costOf(card: ModelCard, usage: Usage): NanoUsd | undefined {
  if (card.local) return 0;
  if (usage.billedUsd !== undefined && usage.billedUsd >= 0) {
    return Math.min(nanoUsd(usage.billedUsd), Number.MAX_SAFE_INTEGER);
  }
  const prices = pricesFor(card, usage.inputTokens);
  if (prices === undefined || (usage.audioTokens ?? 0) > 0) return undefined;
  const read = tokens(usage.cacheReadTokens);
  const written = tokens(usage.cacheWriteTokens);
  const writtenForHour = tokens(usage.cacheWrite1hTokens ?? 0);
  const input = tokens(usage.inputTokens);
  const output = tokens(usage.outputTokens);
  if (
    read === undefined ||
    written === undefined ||
    writtenForHour === undefined ||
    input === undefined ||
    output === undefined
  ) {
    return undefined;
  }
  const fresh = input - read - written;
  return amountOf(
    product(fresh < 0n ? 0n : fresh, prices.input) +
      product(read, prices.cacheRead) +
      product(written - writtenForHour, prices.cacheWrite) +
      product(writtenForHour, largest(prices.cacheWrite, HOUR_WRITE_FACTOR * prices.input)) +
      product(output, prices.output),
  );
}

/**
 * The upper bound of what a call within these limits can cost: all input at the highest price that can apply to any of
 * it, in any tier that it can reach. A limit that is not a number counts as infinite. Undefined if a price is unknown.
 */
export function worstCaseOf(
  card: ModelCard,
  inputBoundTokens: number,
  maxOutputTokens: number,
): NanoUsd | undefined {
  if (card.local) return 0;
  const highest = highestPricesOf(card, inputBoundTokens);
  if (highest === undefined) return undefined;
  return amountOf(
    inputWorst(boundOf(inputBoundTokens), highest.input) + product(boundOf(maxOutputTokens), highest.output),
  );
}

/** What a token of output costs after an input of this size, in nano-dollars; undefined if the price is unknown. */
export function outputTokenNanoUsd(card: ModelCard, inputTokens: number): number | undefined {
  if (card.local) return 0;
  const prices = pricesFor(card, inputTokens);
  return prices === undefined ? undefined : Number(prices.output) / Number(TOKENS_PER_PRICE);
}

/** The most output tokens whose worst case fits into an amount; 0 if the input alone exceeds it or has no price. */
export function affordableOutputTokens(card: ModelCard, inputBoundTokens: number, amount: NanoUsd): number {
  if (card.local) return Number.MAX_SAFE_INTEGER;
  const highest = highestPricesOf(card, inputBoundTokens);
  const available = tokens(Math.floor(amount));
  if (highest === undefined || available === undefined) return 0;
  const left = available - inputWorst(boundOf(inputBoundTokens), highest.input);
  if (left < 0n) return 0;
  if (highest.output === 0n) return Number.MAX_SAFE_INTEGER;
  const fit = (left * TOKENS_PER_PRICE) / highest.output;
  return amountOf(fit);
}

const LISTED_TIERS: ReadonlySet<unknown> = new Set([
  ...["auto", "default", "standard", "standard_only", "on_demand", "flex", "batch"],
]);

/** Whether a tier of service costs as much as the price list has, or less: OpenAI's `priority` and others cost more. */
export function isListedTier(tier: unknown): boolean {
  return LISTED_TIERS.has(tier);
}

/** The prices of a request of this size: those of the highest tier that it exceeds, else the base prices. */
function pricesFor(card: ModelCard, inputTokens: number): NanoPrices | undefined {
  let best: TierPrices | undefined;
  for (const tier of tiersOf(card)) {
    if (tier.aboveInputTokens < inputTokens && tier.aboveInputTokens >= (best ?? tier).aboveInputTokens)
      best = tier;
  }
  return best?.prices;
}

function highestPricesOf(
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

/** A limit in tokens. One that is infinite or not a number is larger than any that a price fits. */
function boundOf(count: number): bigint {
  return tokens(count) ?? MAX_AMOUNT;
}

function largest(...amounts: readonly bigint[]): bigint {
  let most = 0n;
  for (const amount of amounts) if (amount > most) most = amount;
  return most;
}

function amountOf(amount: bigint): NanoUsd {
  return amount > MAX_AMOUNT ? Number.MAX_SAFE_INTEGER : Number(amount);
}

/** Nano-dollars per million tokens. */
type NanoPrices = {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
  readonly output: bigint;
};

/** The prices of a request whose input exceeds a size; undefined if they are unknown. */
type TierPrices = { readonly aboveInputTokens: number; readonly prices: NanoPrices | undefined };

const tierPrices = new WeakMap<ModelCard, readonly TierPrices[]>();

/** The prices of a card: the base prices, which apply to any size, then those of its tiers. Computed once per card. */
function tiersOf(card: ModelCard): readonly TierPrices[] {
  const known = tierPrices.get(card);
  if (known !== undefined) return known;
  const hasNoOutput = card.api === "embedding";
  const made = [
    { aboveInputTokens: Number.NEGATIVE_INFINITY, prices: nanoPrices(card, hasNoOutput) },
    ...card.tiers.map((tier) => ({
      aboveInputTokens: tier.aboveInputTokens,
      prices: nanoPrices(inTier(card, tier), hasNoOutput),
    })),
  ];
  tierPrices.set(card, made);
  return made;
}

/** The prices in a tier. It inherits base prices that it does not name, but no cache prices if it has an input price. */
function inTier(base: Prices, tier: Prices): Prices {
  const caches = tier.inputUsdPerMTok === undefined ? base : tier;
  return {
    inputUsdPerMTok: tier.inputUsdPerMTok ?? base.inputUsdPerMTok,
    outputUsdPerMTok: tier.outputUsdPerMTok ?? base.outputUsdPerMTok,
    cacheReadUsdPerMTok: tier.cacheReadUsdPerMTok ?? caches.cacheReadUsdPerMTok,
    cacheWriteUsdPerMTok: tier.cacheWriteUsdPerMTok ?? caches.cacheWriteUsdPerMTok,
  };
}

function nanoPrices(prices: Prices, hasNoOutput: boolean): NanoPrices | undefined {
  const input = perMTok(prices.inputUsdPerMTok);
  const output = perMTok(prices.outputUsdPerMTok) ?? (hasNoOutput ? 0n : undefined);
  if (input === undefined || output === undefined) return undefined;
  const cacheWrite = perMTok(prices.cacheWriteUsdPerMTok);
  return {
    input,
    cacheRead: perMTok(prices.cacheReadUsdPerMTok) ?? input,
    // A price of zero means that writing is not charged on top, not that the input is free.
    cacheWrite: cacheWrite === undefined || cacheWrite === 0n ? input : cacheWrite,
    output,
  };
}

/** Dollars per million tokens as nano-dollars. A price above zero never becomes zero. */
function perMTok(usd: number | undefined): bigint | undefined {
  if (usd === undefined || !(usd >= 0)) return undefined;
  const nano = Math.round(usd * 1e9);
  if (!Number.isFinite(nano)) return undefined;
  return usd > 0 && nano === 0 ? 1n : BigInt(nano);
}
