/** `provider/model`, e.g. `anthropic/claude-sonnet-5-5`. The provider's id has no slash; the model's name may. */
export type ModelRef = string;

export type Capability = "vision" | "tools" | "reasoning";

export type UserTier = "free" | "standard" | "premium";

/** The provider's id and the model's name of a ref. A ref without a slash has an empty provider. */
export function splitRef(ref: ModelRef): { readonly provider: string; readonly model: string } {
  const slash = ref.indexOf("/");
  return slash < 0
    ? { provider: "", model: ref }
    : { provider: ref.slice(0, slash), model: ref.slice(slash + 1) };
}

/** Prices in US dollars per million tokens. A price that is left out is not known. */
export type Prices = {
  readonly inputUsdPerMTok?: number | undefined;
  readonly outputUsdPerMTok?: number | undefined;
  readonly cacheReadUsdPerMTok?: number | undefined;
  readonly cacheWriteUsdPerMTok?: number | undefined;
};

/** Prices that replace the basic ones for the whole request when its input exceeds a size. */
export type PriceTier = Prices & { readonly aboveInputTokens: number };

/** What is known of a model. Left out means unknown, never zero. */
export type ModelCard = Prices & {
  readonly ref: ModelRef;
  /** Its name on the wire (Azure: the deployment's). */
  readonly wireName: string;
  /** The endpoint that it speaks: a `responses` model cannot be asked by chat completions. */
  readonly api: "chat" | "responses" | "embedding";
  readonly tiers: readonly PriceTier[];
  /** The context window for input, in tokens. */
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  readonly capabilities: readonly Capability[];
  /** 0 to 1: the share of SWE-bench Verified solved; `basis` says whether anybody measured it. */
  readonly quality?: { readonly value: number; readonly basis: "measured" | "estimate" | "settings" };
  /** False where the model refuses `temperature` and its kin. */
  readonly samplingParams: boolean;
  /** True where the model continues an assistant message that the request ends with. */
  readonly assistantPrefill: boolean;
  /** The shortest prefix that the provider caches. */
  readonly promptCacheMinTokens?: number;
  /** The provider's announced end, as an ISO date. */
  readonly deprecated?: string;
  /** Runs on the user's machine or network: costs nothing, and private content may go there. */
  readonly local: boolean;
  /** The automatic simulator's: its list prices are shown as what it would cost, and nothing is spent. */
  readonly simulated?: boolean;
};
