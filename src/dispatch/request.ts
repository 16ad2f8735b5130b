import type { Attempt, Handoff } from "../contract/answer.ts";
import type { Ask } from "../contract/ask.ts";
import type { Budget, BudgetLimits } from "../contract/budget.ts";
import type { Clock } from "../contract/clock.ts";
import type { Decision, Skipped } from "../contract/decision.ts";
import type { FailureRecord } from "../contract/failure.ts";
import type { Health } from "../contract/health.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import type { Provider } from "../contract/provider.ts";
import type { Settings } from "../settings/schema.ts";

/** What dispatching works with. */
export type DispatchDeps = {
  readonly budget: Budget;
  readonly health: Health;
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly providerFor: (id: string) => Promise<Provider | undefined>;
  /** A hash of what must change before a provider or model that refused us is asked again. */
  readonly fingerprintOf: (subject: "provider" | "model", ref: ModelRef) => string;
  /** Takes what is to be written down of a whole answer, which is done once its end was told: no answer waits for it. */
  readonly afterEnd: (write: () => Promise<void>) => void;
};

/** A decision, and what it takes to carry it out. */
export type DispatchRequest = {
  readonly decision: Decision;
  readonly content: Pick<Ask, "messages" | "tools" | "toolChoice" | "temperature" | "topP" | "stop" | "wire">;
  readonly settings: Settings;
  readonly limits: BudgetLimits;
  readonly cardOf: (ref: ModelRef) => ModelCard;
  /** What was shown can be taken back: a torn answer that nobody can go on with starts anew. */
  readonly canTakeBack: boolean;
  /** Eligibility as it is now: what has changed since the decision is honoured. */
  readonly recheck: (ref: ModelRef) => Promise<Skipped | undefined>;
};

/** What has happened so far. */
export type Progress = {
  readonly startedMs: number;
  /** Since when nothing comes: `totalMs` counts from here. */
  waitingSinceMs: number;
  readonly attempts: Attempt[];
  readonly rescues: Handoff[];
  /** Until when this request waits for other's holds; set by the first wait. */
  holdUntilMs?: number;
  /** Where the budget refused a model: how much of it is free of holds. */
  freeNanoUsd?: NanoUsd;
  lastFailure?: FailureRecord;
};
