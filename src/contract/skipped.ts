/** Why models are not called: one of them for a request, or none at all. */
import type { BudgetScope } from "./budget.ts";
import type { Capability, ModelRef, QualityBasis, UserTier } from "./model.ts";
import type { NanoUsd } from "./money.ts";

/**
 * What of a request has no known upper bound of its cost. `field`: it lets the provider use another model or other prices,
 * or adds a fee. `part`: it is input other than text and images.
 */
export type UnboundedCost = {
  readonly kind: "field" | "part";
  /** Its place in the request: `plugins`, `messages[0].content[1] (file)`; `images` if the model's cost of them is unknown. */
  readonly name: string;
};

/** Why a candidate was skipped, with the figures to show. */
export type Skipped = { readonly ref: ModelRef } & (
  | { readonly reason: "no-key"; readonly provider: string }
  /** `problem`: the place in the settings, what is wrong, and how to repair it. */
  | { readonly reason: "invalid-provider"; readonly problem: string }
  | { readonly reason: "switched-off" }
  | {
      readonly reason: "breaker-open";
      readonly failures: number;
      readonly nextTryAtMs: number;
      readonly by: "model" | "provider";
    }
  | { readonly reason: "context-window"; readonly tokens: number; readonly maxInputTokens: number }
  | { readonly reason: "capability"; readonly missing: Capability | "chat completions" }
  | { readonly reason: "rate-limit" | "quota"; readonly untilMs: number }
  /** It responded with 401, 403 or 404, and the key or the settings have not changed since. */
  | { readonly reason: "auth" | "forbidden" | "not-found" }
  | { readonly reason: "tier"; readonly tiers: readonly UserTier[] }
  | { readonly reason: "private" }
  | {
      readonly reason: "over-budget";
      readonly worstCaseNanoUsd: NanoUsd;
      readonly leftNanoUsd: NanoUsd;
      /** What other requests have reserved of what is left, if that leaves too little. */
      readonly reservedNanoUsd?: NanoUsd | undefined;
      /** The tightest limit. Undefined in decisions of older versions. */
      readonly limit?: BudgetScope | undefined;
    }
  /** A model of the chain whose window is no larger than that of a model for which the prompt was too long. */
  | { readonly reason: "window-not-larger"; readonly maxInputTokens: number }
  /** A model of the chain whose provider could not be reached for an earlier one, or any provider, without a network. */
  | { readonly reason: "unreachable" | "offline" }
  /** A model of the chain that was not called before the time limit for the start of an answer. */
  | { readonly reason: "no-time"; readonly limitMs: number }
  | {
      readonly reason: "below-min-quality";
      readonly quality?: number | undefined;
      readonly qualityBasis?: QualityBasis | undefined;
      readonly qualityError?: number | undefined;
      readonly minQuality: number;
    }
  /** `unboundedCost`: what of the request has an unknown cost; undefined if the model's own prices are unknown. */
  | { readonly reason: "unknown-price"; readonly unboundedCost?: UnboundedCost | undefined }
);

/** A choice for the user if the budget cannot afford a prompt. */
export type BudgetChoice =
  | { readonly kind: "cheapest"; readonly ref: ModelRef; readonly expectedNanoUsd: NanoUsd }
  | { readonly kind: "free"; readonly ref: ModelRef; readonly local: boolean }
  | { readonly kind: "raise"; readonly ref: ModelRef };

/** The most that a useful answer can cost. */
export type NeededBudget = {
  readonly nanoUsd: NanoUsd;
  /** The output tokens of such an answer. */
  readonly outputTokens: number;
  /** Set if the amount was raised by this factor, because the model has exceeded its output limit. */
  readonly overrunFactor?: number | undefined;
};

/** Why no model is called. */
export type BlockReason =
  | {
      readonly kind: "over-budget";
      /** The expected cost of the route's pick. */
      readonly expectedNanoUsd: NanoUsd;
      /** What a useful answer of it needs; undefined if it has no card. */
      readonly needed?: NeededBudget | undefined;
      readonly leftNanoUsd: NanoUsd;
      /** What other requests have reserved of what is left, if that leaves too little. */
      readonly reservedNanoUsd?: NanoUsd | undefined;
      readonly budgetNanoUsd: NanoUsd;
      /** The tightest limit. */
      readonly limit: BudgetScope;
      readonly choices: readonly BudgetChoice[];
    }
  | { readonly kind: "no-model-available" }
  /** The route that applies cannot be read. `problem`: the place in the settings, what is wrong, and how to repair it. */
  | { readonly kind: "invalid-route"; readonly problem: string };
