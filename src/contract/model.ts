/** `provider/model`, e.g. `anthropic/claude-sonnet-5-5`. The provider's id has no slash; the model's name may. */
export type ModelRef = string;

export type Capability = "vision" | "tools" | "reasoning";

export type UserTier = "free" | "standard" | "premium";

/** Splits a ref into the provider's id and the model's name. A ref without a slash has an empty provider. */
export function splitRef(ref: ModelRef): { readonly provider: string; readonly model: string } {
  const slash = ref.indexOf("/");
  return slash < 0
    ? { provider: "", model: ref }
    : { provider: ref.slice(0, slash), model: ref.slice(slash + 1) };
}

/** Prices in US dollars per million tokens. Undefined means unknown. */
export type Prices = {
  readonly inputUsdPerMTok?: number | undefined;
  readonly outputUsdPerMTok?: number | undefined;
  readonly cacheReadUsdPerMTok?: number | undefined;
  readonly cacheWriteUsdPerMTok?: number | undefined;
};

/** Prices that replace the base prices for a whole request if its input exceeds a size. */
export type PriceTier = Prices & { readonly aboveInputTokens: number };

/**
 * Where a quality comes from. `measured`: the published benchmark. `estimate`: set by hand from the family and the price of
 * the model. `settings`: the user's figure.
 */
export type QualityBasis = "measured" | "estimate" | "settings";

/** The share of SWE-bench Verified that a model solves, 0 to 1. `standardError`: undefined if it is not known. */
export type QualityFigure = {
  readonly value: number;
  readonly basis: QualityBasis;
  readonly standardError?: number | undefined;
};

/** The known properties of a model. Undefined means unknown, never zero. */
export type ModelCard = Prices & {
  readonly ref: ModelRef;
  /** The name sent to the provider (on Azure the deployment's). */
  readonly wireName: string;
  /** The API that it supports. A `responses` model does not support chat completions. */
  readonly api: "chat" | "responses" | "embedding";
  readonly tiers: readonly PriceTier[];
  /** The context window for input, in tokens. */
  readonly maxInputTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** The most tokens that one image can have. */
  readonly imageTokens?: number | undefined;
  /** The same for an image given by its address. Unknown where the address may lead to a document or a video. */
  readonly imageAddressTokens?: number | undefined;
  readonly capabilities: readonly Capability[];
  readonly quality?: QualityFigure | undefined;
  /** Whether the model accepts `temperature` and the other sampling parameters. */
  readonly samplingParams: boolean;
  /** Whether the model continues an assistant message at the end of the request. */
  readonly assistantPrefill: boolean;
  /** The shortest prefix that the provider caches. */
  readonly promptCacheMinTokens?: number | undefined;
  /** The announced end of service, as an ISO date. */
  readonly deprecated?: string | undefined;
  /** Runs on the user's machine or network: costs nothing and may receive private content. */
  readonly local: boolean;
  /** A model of the automatic simulator: its prices are shown as hypothetical, and nothing is spent. */
  readonly simulated?: boolean | undefined;
};
