import type { ComplexityLevel, Features, RouteSimilarity } from "./features.ts";
import type { Capability, ModelRef, UserTier } from "./model.ts";
import type { NanoUsd } from "./money.ts";

/** The request without its text: what routes may match on. */
export type Attributes = {
  /** The decision's id, and the unit of an experiment that deals by requests. */
  readonly requestId: string;
  /** Where it came from: a tool that speaks to the loopback endpoint. Left out: the assistant's own chat and commands. */
  readonly source?: "endpoint" | undefined;
  /** The model that the user picked; never replaced by routing. */
  readonly explicitModel?: ModelRef | undefined;
  /** The name of the route that was asked for in place of the first that applies. */
  readonly explicitRoute?: string | undefined;
  /** Without the slash: `explain`, `fix`. */
  readonly command?: string | undefined;
  /** VS Code's language id. */
  readonly language?: string | undefined;
  /** Of the files that go along, relative to their workspace folder, with forward slashes. */
  readonly paths: readonly string[];
  readonly needs: readonly Capability[];
  readonly userTier: UserTier;
  readonly user: string;
  readonly conversation?: string | undefined;
  /** True where private content goes along, or ever did in this conversation: local models only. */
  readonly isPrivate: boolean;
  /** Code goes along that did not before in this conversation. */
  readonly attachedNew: boolean;
  /** How long the answer will be, where somebody knows. */
  readonly expectedOutputTokens?: number | undefined;
  /** The output limit asked for, where the request names one. */
  readonly maxOutputTokens?: number | undefined;
  /** An upper bound of the input: UTF-8 bytes of what is sent + 16 a message. Images are not in it. */
  readonly inputBoundTokens: number;
  /** How many images go along: what each can cost depends on the model. */
  readonly images: number;
  /** What the user chose when the budget did not carry the prompt, for this prompt alone. */
  readonly budgetChoice?: "cheapest" | "free" | undefined;
};

/** Why a candidate was passed over; each carries the figures that a person wants to see. */
export type Skipped = { readonly ref: ModelRef } & (
  | { readonly reason: "no-key"; readonly provider: string }
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
  /** It answered 401, 403 or 404, and what it answered that to has not changed since. */
  | { readonly reason: "auth" | "forbidden" | "not-found" }
  | { readonly reason: "tier"; readonly tiers: readonly UserTier[] }
  | { readonly reason: "private" }
  | { readonly reason: "over-budget"; readonly worstCaseNanoUsd: NanoUsd; readonly leftNanoUsd: NanoUsd }
  | {
      readonly reason: "below-min-quality";
      readonly quality?: number | undefined;
      readonly minQuality: number;
    }
  | { readonly reason: "unknown-price" }
);

/** A model that may be asked, with what is known of it now. */
export type Candidate = {
  readonly ref: ModelRef;
  /** For this request; undefined where the price is not known. */
  readonly expectedNanoUsd?: NanoUsd | undefined;
  readonly quality?: number | undefined;
  /** The automatic simulator: the expected cost is what it would cost, and nothing is spent. */
  readonly simulated?: boolean | undefined;
};

export type ChainStep = Candidate & {
  /** Replaces the first-token limit for this step. */
  readonly timeoutMs?: number | undefined;
};

/** Which route applies, and by what. */
export type RouteMatch =
  | { readonly kind: "explicit" }
  /** An entry of `switchyard.routes`. */
  | {
      readonly kind: "settings";
      readonly name: string;
      readonly index: number;
      /** Where the route's examples decided. */
      readonly similarity?: RouteSimilarity | undefined;
    }
  /** One of the three routes that stand in where no route is set, or none matched. */
  | { readonly kind: "derived"; readonly level: ComplexityLevel };

/** The name under which spend and medians of a route are stored. */
export function routeName(route: RouteMatch): string {
  switch (route.kind) {
    case "explicit":
      return "explicit";
    case "settings":
      return route.name;
    case "derived":
      return `derived:${route.level}`;
  }
}

export type PickMethod = "first" | "cheapest" | "fastest" | "balanced" | "best-quality" | "explicit";

/** A way out when the budget does not carry a prompt. */
export type BudgetChoice =
  | { readonly kind: "cheapest"; readonly ref: ModelRef; readonly expectedNanoUsd: NanoUsd }
  | { readonly kind: "free"; readonly ref: ModelRef; readonly local: boolean }
  | { readonly kind: "raise"; readonly ref: ModelRef };

/** Why nobody is asked. */
export type BlockReason =
  | {
      readonly kind: "over-budget";
      /** What the route's pick would be expected to cost. */
      readonly expectedNanoUsd: NanoUsd;
      readonly leftNanoUsd: NanoUsd;
      readonly budgetNanoUsd: NanoUsd;
      /** Whose limit it is: the day's or the month's, whichever is tighter. */
      readonly period: "day" | "month";
      readonly choices: readonly BudgetChoice[];
    }
  | { readonly kind: "no-model-available" };

export type DecisionOutcome =
  | {
      readonly kind: "chosen";
      /** Never empty: the first is the pick, the others stand behind it in order. */
      readonly chain: readonly [ChainStep, ...ChainStep[]];
      /** Set where the budget, not the route, made the choice. */
      readonly byBudget?: "free" | "cheapest" | undefined;
    }
  | { readonly kind: "blocked"; readonly reason: BlockReason };

export type ExperimentArm = "control" | "treatment";

/** The part that a decision has in an experiment. It counts for this arm, whoever answers in the end. */
export type ExperimentAssignment = {
  /** The experiment's name. */
  readonly name: string;
  readonly arm: ExperimentArm;
  /** What was dealt to the arm as a whole: the id of a conversation, a user or a request. */
  readonly unit: string;
};

/** Whether a conversation stayed with the model that answered last, and what staying and switching were expected to cost. */
export type Affinity =
  /** Nothing of the conversation is in the last model's cache, so switching costs nothing extra. */
  | {
      readonly kind: "cold";
      readonly last: ModelRef;
      /** `expired`: older than the cache's time to live; `no-cache`: the model's card has no price for cache reads. */
      readonly reason: "expired" | "no-cache" | "too-short";
    }
  | {
      readonly kind: "stayed" | "switched";
      readonly last: ModelRef;
      /** The best of the others. */
      readonly other: ModelRef;
      /** What of the conversation the last model is expected to read from its cache. */
      readonly cachedTokens: number;
      /** This answer by the last model, its cache read; left out where a price is not known. */
      readonly stayNanoUsd?: NanoUsd | undefined;
      /** This answer by the other, all input paid in full. */
      readonly switchNanoUsd?: NanoUsd | undefined;
      /** Expected time of this answer, where the pick goes by time. */
      readonly stayMs?: number | undefined;
      readonly switchMs?: number | undefined;
      /** Under `fastest`: the money that switching costs more, as time. Left out where no time is worth it. */
      readonly switchPenaltyMs?: number | undefined;
    };

/** Where a prompt goes, and why. Plain data: it goes to the history and to *Why this model?* as it is. */
export type Decision = {
  readonly id: string;
  readonly atMs: number;
  readonly route: RouteMatch;
  readonly pick: PickMethod;
  readonly features: Features;
  readonly attributes: Attributes;
  readonly expectedInputTokens: number;
  readonly expectedOutputTokens: number;
  readonly outcome: DecisionOutcome;
  readonly skipped: readonly Skipped[];
  /** A short follow-up, which inherited route and model of the decision before it. */
  readonly followUp?: boolean | undefined;
  readonly experiment?: ExperimentAssignment | undefined;
  readonly affinity?: Affinity | undefined;
};
