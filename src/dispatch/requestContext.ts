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
import type { AnswerOutput } from "./answerOutput.ts";

/** What a request sends to a model, whichever model that is. */
export type RequestContent = Pick<
  Ask,
  "messages" | "tools" | "toolChoice" | "temperature" | "topP" | "stop" | "wire"
>;

/** One request on its way: everything that carrying out its decision needs, made once and passed down unchanged. */
export type RequestContext = {
  readonly decision: Decision;
  readonly settings: Settings;
  readonly content: RequestContent;
  readonly budgetLimits: BudgetLimits;
  /** What was shown can be retracted: a partial answer that no model can resume may be answered again from the start. */
  readonly canRetract: boolean;
  readonly output: AnswerOutput;
  readonly progress: Progress;
  readonly signal: AbortSignal;

  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly budget: Budget;
  readonly health: Health;
  readonly providerFor: (id: string) => Promise<Provider | undefined>;
  readonly cardOf: (ref: ModelRef) => ModelCard;
  /** Eligibility as it is now, which may have changed since the decision. */
  readonly recheck: (ref: ModelRef) => Promise<Skipped | undefined>;
  /** Receives errors of the ledger that an answer should survive. */
  readonly reportError: (error: unknown) => void;
  /** A hash of what must change before a provider or model that rejected a request is tried again. */
  readonly fingerprintOf: (subject: "provider" | "model", ref: ModelRef) => string;
};

/** What has happened so far. Times in milliseconds since 1970. */
export type Progress = {
  readonly startedMs: number;
  /** Since when the consumer has been waiting for an answer to start: `totalMs` counts from here. */
  waitingSinceMs: number;
  readonly attempts: Attempt[];
  readonly handoffs: Handoff[];
  /** Until when this request waits for other requests' reservations; set by the first wait. */
  waitForBudgetUntilMs?: number | undefined;
  /** Where the budget refused a model: how much of the budget is neither spent nor reserved. */
  freeNanoUsd?: NanoUsd | undefined;
  lastFailure?: FailureRecord | undefined;
};

/** The progress of a request that starts now. */
export function newProgress(startedMs: number): Progress {
  return { startedMs, waitingSinceMs: startedMs, attempts: [], handoffs: [] };
}
