import type { Clock } from "../base/time/clock.ts";
import type { Attempt, Handoff } from "../contract/answer.ts";
import type { Budget, BudgetLimits, BudgetScope } from "../contract/budget.ts";
import type { Decision } from "../contract/decision.ts";
import type { FailureRecord } from "../contract/failure.ts";
import type { Health } from "../contract/health.ts";
import type { Capability, ModelCard, ModelRef } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import type { Ask } from "../contract/provider/ask.ts";
import type { Provider } from "../contract/provider/provider.ts";
import type { Skipped } from "../contract/skipped.ts";
import type { Settings } from "../settings/schema.ts";
import type { AnswerOutput } from "./answerOutput.ts";

/** The parts of a request that are the same for every model. */
export type RequestContent = Pick<
  Ask,
  "messages" | "tools" | "toolChoice" | "parallelToolCalls" | "temperature" | "topP" | "stop" | "wire"
>;

/** Everything that is needed to carry out the decision of one request. Created once, and passed down unchanged. */
export type RequestContext = {
  readonly decision: Decision;
  readonly settings: Settings;
  readonly content: RequestContent;
  readonly budgetLimits: BudgetLimits;
  /** True if what was shown can be retracted: a partial answer that no model resumes is then started again. */
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
  /** Why a model is skipped now, if its eligibility has changed since the decision. */
  readonly recheck: (ref: ModelRef) => Promise<Skipped | undefined>;
  /** Receives a capability that a model turned out to lack: later requests that need it skip the model. */
  readonly lacksCapability: (ref: ModelRef, capability: Capability) => void;
  /** Receives errors of the ledger that must not end an answer. */
  readonly reportError: (error: unknown) => void;
  /** A hash of the key or settings that must change before a provider or model that rejected a request is called again. */
  readonly fingerprintOf: (subject: "provider" | "model", ref: ModelRef) => string;
};

/** What was left of a limit, and what other requests had reserved of it, when that was too little for a model. */
export type Shortage = {
  readonly limit: BudgetScope;
  readonly leftNanoUsd: NanoUsd;
  readonly reservedNanoUsd: NanoUsd;
};

/** The progress of a request. Times in milliseconds since 1970. */
export type Progress = {
  readonly startedMs: number;
  /** Since when the consumer has been waiting for an answer to start: `totalMs` counts from here. */
  waitingSinceMs: number;
  readonly attempts: Attempt[];
  readonly handoffs: Handoff[];
  /** Until when this request waits for other requests' reservations; set by the first wait. */
  waitForBudgetUntilMs?: number | undefined;
  shortage?: Shortage | undefined;
  /** The models of the chain that could not be called when it was their turn. */
  readonly notCalled: Map<ModelRef, Skipped>;
  lastFailure?: FailureRecord | undefined;
  /** What the attempt that answered still writes to the ledger. Run once the end of the answer is reported. */
  readonly afterAnswer: (() => Promise<void>)[];
};

/** The progress of a request that starts now. */
export function newProgress(startedMs: number): Progress {
  return {
    startedMs,
    waitingSinceMs: startedMs,
    attempts: [],
    handoffs: [],
    notCalled: new Map(),
    afterAnswer: [],
  };
}
