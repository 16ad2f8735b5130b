import type { RouteMatch } from "../contract/decision.ts";
import type { HealthSnapshot } from "../contract/health.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import type { LastAnswer } from "./cacheUse.ts";

/** A configured provider, as far as deciding needs it. */
export type ProviderState = {
  /** What to call it: `Anthropic`. */
  readonly name: string;
  /** It has a key, or needs none. */
  readonly usable: boolean;
  readonly local: boolean;
};

/** What is left of the budget; `leftNanoUsd` is budget − spent, the tighter of day and month. Left out: no limit. */
export type BudgetState = {
  readonly leftNanoUsd: NanoUsd;
  readonly budgetNanoUsd: NanoUsd;
  readonly period: "day" | "month";
};

/** What a conversation's next decision goes by: who answered last, on which route, and what its cache may hold. */
export type PreviousAnswer = LastAnswer & {
  readonly route: RouteMatch;
  /** VS Code's language id of what went along with it. */
  readonly language?: string;
};

/** All that is known at the moment of deciding, as plain data: the same world gives the same decision. */
export type World = {
  readonly nowMs: number;
  readonly cards: ReadonlyMap<ModelRef, ModelCard>;
  readonly providers: ReadonlyMap<string, ProviderState>;
  /** What the derived routes choose from. */
  readonly pool: readonly ModelRef[];
  /** What runs on the user's machine or network, whether in the pool or not. */
  readonly localModels: readonly ModelRef[];
  readonly health: HealthSnapshot;
  readonly budget?: BudgetState;
  /** The conversation's last answer; left out at its beginning. */
  readonly conversation?: PreviousAnswer;
  /** Median output tokens of recent answers by route, where enough are known. */
  readonly medianOutputTokens: ReadonlyMap<string, number>;
};
