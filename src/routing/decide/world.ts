import type { BudgetScope } from "../../contract/budget.ts";
import type { Attributes, RouteMatch } from "../../contract/decision.ts";
import type { Features } from "../../contract/features.ts";
import type { HealthSnapshot } from "../../contract/health.ts";
import type { AnswerLength, CheckRecord } from "../../contract/history.ts";
import type { Capability, ModelCard, ModelRef } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import type { Settings } from "../../settings/schema.ts";

/** The state of a configured provider, as far as decisions need it. */
export type ProviderState = {
  /** The name shown to people: `Anthropic`. */
  readonly name: string;
  /** It has a key, or needs none. */
  readonly usable: boolean;
  /** What is wrong in the settings of a provider that is not usable because of them, and how to repair it. */
  readonly problem?: string | undefined;
  readonly local: boolean;
};

/** The state of a limit of the budget. */
export type LimitState = {
  readonly limit: BudgetScope;
  /** The limit minus what is spent, never negative. */
  readonly leftNanoUsd: NanoUsd;
  /** What other requests have reserved of it, if this request has waited for them in vain. */
  readonly reservedNanoUsd?: NanoUsd | undefined;
  readonly budgetNanoUsd: NanoUsd;
};

/** The last answer of a conversation, as far as the prompt cache of its model is concerned. */
export type LastAnswer = {
  readonly ref: ModelRef;
  readonly atMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The tokens that the provider reported as read from and written to its cache; undefined if it reported none. */
  readonly cachedTokens?: number | undefined;
};

/** The last answer of a conversation, with what a follow-up inherits. */
export type PreviousAnswer = LastAnswer & {
  readonly route: RouteMatch;
  /** VS Code's language id of the code that was attached. */
  readonly language?: string | undefined;
};

/** The snapshot that a decision is made in, as plain data. */
export type World = {
  readonly nowMs: number;
  readonly cards: ReadonlyMap<ModelRef, ModelCard>;
  readonly providers: ReadonlyMap<string, ProviderState>;
  /** The models that the derived routes choose from. */
  readonly pool: readonly ModelRef[];
  /** The models on the user's machine or network, in the pool or not. */
  readonly localModels: readonly ModelRef[];
  readonly health: HealthSnapshot;
  /** Capabilities that models turned out to lack although their cards have them. */
  readonly lacking?: ReadonlyMap<ModelRef, readonly Capability[]> | undefined;
  /** The limits of the budget that apply to some of the models. Undefined: none is set. */
  readonly budget?: readonly LimitState[] | undefined;
  /** The models for which more is reserved than an attempt may cost, with the factors. */
  readonly overrunFactors?: ReadonlyMap<ModelRef, number> | undefined;
  /** Undefined at the start of a conversation, and outside of one. */
  readonly conversation?: PreviousAnswer | undefined;
  /** The lengths of recent answers to the same command, of each route the newest first. */
  readonly answers: readonly AnswerLength[];
  /** How often the check of edits was right, for routes with `"pick": "cascade"`. Undefined: the request is no edit. */
  readonly checks?: readonly CheckRecord[] | undefined;
};

/** Everything that a decision depends on. */
export type DecisionInput = {
  readonly attributes: Attributes;
  readonly features: Features;
  readonly settings: Settings;
  readonly world: World;
};
