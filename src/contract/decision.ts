import type { Cascade } from "./edit/cascade.ts";
import type { ComplexityLevel, Features, RouteSimilarity } from "./features.ts";
import type { Capability, ModelRef, QualityBasis, UserTier } from "./model.ts";
import type { NanoUsd } from "./money.ts";
import type { ReasoningEffort } from "./provider/ask.ts";
import type { BlockReason, Skipped, UnboundedCost } from "./skipped.ts";

/** What routes match on: a request without its text. */
export type Attributes = {
  /** The decision's id, and the unit of an experiment that assigns requests. */
  readonly requestId: string;
  /** `endpoint`: a request to the HTTP server. Undefined: the assistant's own chat and commands. */
  readonly source?: "endpoint" | undefined;
  /** The answer becomes an edit of code, which is checked. */
  readonly isEdit?: boolean | undefined;
  /** The model that the user picked. Routing never replaces it. */
  readonly explicitModel?: ModelRef | undefined;
  /** The name of a requested route, used in place of the first one that applies. */
  readonly explicitRoute?: string | undefined;
  /** Without the slash: `explain`, `fix`. */
  readonly command?: string | undefined;
  /** VS Code's language id. */
  readonly language?: string | undefined;
  /** The paths of attached files, relative to their workspace folder, with forward slashes. */
  readonly paths: readonly string[];
  readonly needs: readonly Capability[];
  readonly userTier: UserTier;
  readonly user: string;
  readonly conversation?: string | undefined;
  /** Private content is attached, or was earlier in the conversation: local models only. */
  readonly isPrivate: boolean;
  /** Code is attached that was not attached earlier in the conversation. */
  readonly attachedNew: boolean;
  /** The length of the user's words and of the attached code. */
  readonly characters?: number | undefined;
  /** The length of the answer, if the caller knows it. */
  readonly expectedOutputTokens?: number | undefined;
  /** The output limit of the request, if it has one. */
  readonly maxOutputTokens?: number | undefined;
  /** An upper bound of the input without images: its UTF-8 bytes, plus 16 for each message. */
  readonly inputBoundTokens: number;
  /** The number of attached images. The tokens of an image depend on the model. */
  readonly images: number;
  /** The number of images given by their addresses, which may lead to other media too. */
  readonly imageAddresses?: number | undefined;
  /** With a budget, the request is sent only to models that cost nothing. */
  readonly unboundedCost?: UnboundedCost | undefined;
  /** The prompt is sent again, to a stronger model. */
  readonly escalation?: Escalation | undefined;
  /** The effort of reasoning that the request or its conversation asks for. */
  readonly effort?: Effort | undefined;
  /** The user's choice for this prompt alone, if the budget could not afford it. */
  readonly budgetChoice?: "cheapest" | "free" | undefined;
};

/**
 * How much the model should reason, and who asks for it. One of a route or a conversation applies to models that can
 * reason; a client's own request is passed on to every model.
 */
export type Effort = {
  readonly value: ReasoningEffort;
  readonly by: "request" | "conversation" | "route";
};

export const ESCALATION_REASONS = [
  "regenerate",
  "stronger",
  "undone-edit",
  "discarded-edit",
  "new-errors",
  "not-fixed",
  "failed-test",
] as const;

/** What showed that an answer was not good enough. A complaint in a prompt is none of these. */
export type EscalationReason = (typeof ESCALATION_REASONS)[number];

/** What showed it, with its figure. */
export type EscalationCause = Pick<Escalation, "reason" | "newErrors">;

/** The next try after an answer that was not good enough. */
export type Escalation = {
  /** The decision that led to that answer, and the model that gave it. */
  readonly decisionId: string;
  readonly from: ModelRef;
  /** The models of the tries before that answer. */
  readonly earlier?: readonly ModelRef[] | undefined;
  readonly to: ChainStep;
  readonly reason: EscalationReason;
  /** With `new-errors`: how many the check of the edit found. Undefined if that is not known. */
  readonly newErrors?: number | undefined;
  /** `quality`: the next better model. `price`: the next more expensive one, because a quality is unknown. */
  readonly by: "quality" | "price";
};

/** An eligible model with its present figures. */
export type Candidate = {
  readonly ref: ModelRef;
  /** For this request; undefined if the price is unknown. */
  readonly expectedNanoUsd?: NanoUsd | undefined;
  readonly quality?: number | undefined;
  /** Where the quality comes from. Decisions of older versions do not have it. */
  readonly qualityBasis?: QualityBasis | undefined;
  /** The standard error of the quality; undefined if it is not known. */
  readonly qualityError?: number | undefined;
  /** A model of the automatic simulator: the expected cost is hypothetical, and nothing is spent. */
  readonly simulated?: boolean | undefined;
};

/** Output tokens between which nine of ten answers are expected. */
export type OutputRange = { readonly low: number; readonly high: number };

/** The costs at the ends of such a range. */
export type CostRange = { readonly lowNanoUsd: NanoUsd; readonly highNanoUsd: NanoUsd };

/** The expected milliseconds of a model's whole answer. `stale`: measured long ago. `unknown`: assumed, without answers. */
export type ExpectedSpeed = { readonly ms: number; readonly basis: "measured" | "stale" | "unknown" };

/** The first model of the chain was put before `instead` to measure its speed, as for this share of the requests. */
export type Exploration = {
  readonly instead: ModelRef;
  readonly basis: "stale" | "unknown";
  readonly share: number;
};

export type ChainStep = Candidate & {
  /** The output tokens that the expected cost includes: the middle of the estimate. */
  readonly expectedOutputTokens?: number | undefined;
  /** Of the first model, for picks that compare times. */
  readonly speed?: ExpectedSpeed | undefined;
  /** Replaces the first-token timeout for this step. */
  readonly timeoutMs?: number | undefined;
};

/** The route that applies, and why. */
export type RouteMatch =
  | { readonly kind: "explicit" }
  /** An entry of `switchyard.routes`. */
  | {
      readonly kind: "settings";
      readonly name: string;
      readonly index: number;
      /** Set if the route's examples decided. */
      readonly similarity?: RouteSimilarity | undefined;
    }
  /** One of the three built-in routes, which apply if no configured route does. `dial` undefined: balanced. */
  | {
      readonly kind: "derived";
      readonly level: ComplexityLevel;
      readonly dial?: Exclude<Dial, "balanced"> | undefined;
    };

/** Shifts the derived routes toward low cost or high quality: `switchyard.dial`. */
export type Dial = "cheap" | "balanced" | "best";

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

export type PickMethod =
  | "first"
  | "cheapest"
  | "fastest"
  | "balanced"
  | "cascade"
  | "best-quality"
  | "explicit";

export type DecisionOutcome =
  | {
      readonly kind: "chosen";
      /** The pick, then its fallbacks in order. */
      readonly chain: readonly [ChainStep, ...ChainStep[]];
      /** Set if the budget determined the chain instead of the route. */
      readonly byBudget?: "free" | "cheapest" | undefined;
      /** The model that would come first if the budget covered it: `skipped` has the figures. */
      readonly insteadOf?: ModelRef | undefined;
    }
  | { readonly kind: "blocked"; readonly reason: BlockReason };

export type ExperimentArm = "control" | "treatment";

/** The experiment arm that a decision counts for, whichever model answers. */
export type ExperimentAssignment = {
  /** The experiment's name. */
  readonly name: string;
  readonly arm: ExperimentArm;
  /** The unit that was assigned to the arm: the id of a conversation, a user or a request. */
  readonly unit: string;
};

/** Whether a conversation stayed with its last model, and the expected costs of staying and switching. */
export type Affinity =
  /** The last model's cache contains nothing of the conversation, so switching costs nothing extra. */
  | {
      readonly kind: "cold";
      readonly last: ModelRef;
      /** `expired`: the cache entry is too old. `no-cache`: the card has no price for cache reads. */
      readonly reason: "expired" | "no-cache" | "too-short";
    }
  | {
      readonly kind: "stayed" | "switched";
      readonly last: ModelRef;
      /** The best of the other models. */
      readonly other: ModelRef;
      /** The tokens that the last model is expected to read from its cache. */
      readonly cachedTokens: number;
      /** The expected cost with the last model and its cache; undefined if a price is unknown. */
      readonly stayNanoUsd?: NanoUsd | undefined;
      /** The expected cost with the other model, without a cache. */
      readonly switchNanoUsd?: NanoUsd | undefined;
      /** The expected time of the answer, for picks that compare time. */
      readonly stayMs?: number | undefined;
      readonly switchMs?: number | undefined;
      /** Under `fastest`: the extra cost of switching as time. Undefined if waiting has no price. */
      readonly switchPenaltyMs?: number | undefined;
    };

/** Where a prompt goes, and why. Plain data that the history stores and *Why this model?* shows. */
export type Decision = {
  readonly id: string;
  readonly atMs: number;
  readonly route: RouteMatch;
  readonly pick: PickMethod;
  readonly features: Features;
  readonly attributes: Attributes;
  readonly expectedInputTokens: number;
  /** The middle of the estimate for the first model of the chain. */
  readonly expectedOutputTokens: number;
  /** Undefined if the caller stated the length, and in decisions of older versions. */
  readonly expectedOutputRange?: OutputRange | undefined;
  /** The cost of the first model of the chain over that range; undefined if its price is unknown. */
  readonly expectedCostRange?: CostRange | undefined;
  readonly outcome: DecisionOutcome;
  readonly skipped: readonly Skipped[];
  /** The prompt is a short follow-up, or the result of a tool, that inherited the previous route and model. */
  readonly followUp?: boolean | undefined;
  /** Undefined: the model's own. */
  readonly effort?: Effort | undefined;
  readonly experiment?: ExperimentAssignment | undefined;
  readonly affinity?: Affinity | undefined;
  readonly exploration?: Exploration | undefined;
  /** Undefined if something else chose the first model, or there is only one. */
  readonly cascade?: Cascade | undefined;
  /** The route was matched with the complexity of an earlier prompt, and is another than the prompt's own. */
  readonly held?: HeldLevel | undefined;
};

/** The escalation that chose the model; undefined if it did not, or its model may not be used any more. */
export function escalationOf({ attributes, outcome }: Decision): Escalation | undefined {
  const { escalation } = attributes;
  const first = outcome.kind === "chosen" ? outcome.chain[0].ref : undefined;
  return escalation?.to.ref === first ? escalation : undefined;
}

/**
 * The model of the chain with the highest quality above that of the first one, of those where the difference is less than
 * its own standard error. Undefined if there is none, and if something other than the pick decided, or the user's order.
 */
export function uncertainlyBetterModel(decision: Decision): ChainStep | undefined {
  const { outcome, pick, followUp, experiment } = decision;
  if (outcome.kind !== "chosen" || outcome.byBudget !== undefined || followUp === true) return undefined;
  if (pick === "first" || pick === "explicit" || experiment !== undefined) return undefined;
  if (escalationOf(decision) !== undefined || decision.cascade?.first === "cheapest") return undefined;
  const [first, ...others] = outcome.chain;
  const { quality: own, qualityError: ownError } = first;
  if (own === undefined || ownError === undefined) return undefined;
  const isUncertain = ({ quality = 0, qualityError }: ChainStep) =>
    quality > own && qualityError !== undefined && quality - own < Math.hypot(ownError, qualityError);
  return others.filter(isUncertain).toSorted((a, b) => (b.quality ?? 0) - (a.quality ?? 0))[0];
}

/** The complexity that a conversation holds. */
export type HeldLevel = {
  readonly level: ComplexityLevel;
  readonly score: number;
  /** The number of the prompt that it is held from, from 1. */
  readonly prompt: number;
  /** The prompt begins a new topic, but the model of its own complexity does not cost less. */
  readonly isNewTopic?: boolean | undefined;
};
