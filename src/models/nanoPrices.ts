import type { ModelCard, Prices } from "../contract/model.ts";

/** Nano-dollars per million tokens. */
export type NanoPrices = {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
  readonly output: bigint;
};

/** The prices of a request whose input is above a size; undefined where they are not known. */
export type PriceTier = { readonly aboveInputTokens: number; readonly prices: NanoPrices | undefined };

const tiers = new WeakMap<ModelCard, readonly PriceTier[]>();

/** A card's prices: the basic ones, which hold for any size, then those of its tiers. Worked out once for each card. */
export function tiersOf(card: ModelCard): readonly PriceTier[] {
  const known = tiers.get(card);
  if (known !== undefined) return known;
  const givesNothingOut = card.api === "embedding";
  const made = [
    { aboveInputTokens: Number.NEGATIVE_INFINITY, prices: nanoPrices(card, givesNothingOut) },
    ...card.tiers.map((tier) => ({
      aboveInputTokens: tier.aboveInputTokens,
      prices: nanoPrices(inTier(card, tier), givesNothingOut),
    })),
  ];
  tiers.set(card, made);
  return made;
}

/** A tier's prices; those that it does not name stay, but a cache's follow the input that they belong to. */
function inTier(base: Prices, tier: Prices): Prices {
  const caches = tier.inputUsdPerMTok === undefined ? base : tier;
  return {
    ...defined("inputUsdPerMTok", tier.inputUsdPerMTok ?? base.inputUsdPerMTok),
    ...defined("outputUsdPerMTok", tier.outputUsdPerMTok ?? base.outputUsdPerMTok),
    ...defined("cacheReadUsdPerMTok", tier.cacheReadUsdPerMTok ?? caches.cacheReadUsdPerMTok),
    ...defined("cacheWriteUsdPerMTok", tier.cacheWriteUsdPerMTok ?? caches.cacheWriteUsdPerMTok),
  };
}

function defined(name: keyof Prices, value: number | undefined): Prices {
  return value === undefined ? {} : { [name]: value };
}

/** An embedding gives no tokens out, so it needs no price for them. */
function nanoPrices(prices: Prices, givesNothingOut: boolean): NanoPrices | undefined {
  const input = perMTok(prices.inputUsdPerMTok);
  const output = perMTok(prices.outputUsdPerMTok) ?? (givesNothingOut ? 0n : undefined);
  if (input === undefined || output === undefined) return undefined;
  return {
    input,
    cacheRead: perMTok(prices.cacheReadUsdPerMTok) ?? input,
    cacheWrite: perMTok(prices.cacheWriteUsdPerMTok) ?? input,
    output,
  };
}

/** Dollars per million tokens as nano-dollars: a price in dollars has far fewer than nine decimals. */
function perMTok(usd: number | undefined): bigint | undefined {
  if (usd === undefined || !(usd >= 0)) return undefined;
  const nano = Math.round(usd * 1e9);
  return Number.isFinite(nano) ? BigInt(nano) : undefined;
}
