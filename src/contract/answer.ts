import type { Decision } from "./decision.ts";
import type { FailureRecord } from "./failure.ts";
import type { ModelRef } from "./model.ts";
import type { Cost, NanoUsd, Usage } from "./money.ts";
import type { ProviderEvent, RateLimit } from "./provider/provider.ts";
import type { BlockReason, Skipped } from "./skipped.ts";

/**
 * How a model resumes a partial answer. `prefill`: it continues the text as the beginning of its own message. `anchor`: it
 * receives the text, and starts by repeating the last words of it.
 */
export type ResumeMethod = "prefill" | "anchor";

/** A partial answer passed from one model to the next. `restart`: the text was retracted, and `to` answered from the start. */
export type Handoff = {
  readonly from: ModelRef;
  readonly to: ModelRef;
  readonly method: ResumeMethod | "restart";
};

/** One call of one model, and its outcome. Times count from the start of the request. */
export type Attempt = {
  readonly ref: ModelRef;
  /** The model that answered by the report of the provider, if it is another one. */
  readonly answeredBy?: ModelRef | undefined;
  readonly startedMs: number;
  readonly tookMs: number;
  /** From the attempt's start to its first content; undefined if there was none. */
  readonly firstTokenMs?: number | undefined;
  readonly cost: Cost;
  readonly usage?: Usage | undefined;
  readonly rateLimits?: readonly RateLimit[] | undefined;
  /** Set if the model was asked to resume a partial answer. */
  readonly resumeMethod?: ResumeMethod | undefined;
  readonly outcome: /** `skippedEvents`: events that could not be read, and held no piece of the answer. */
    | { readonly kind: "answered"; readonly skippedEvents?: number | undefined }
    /** It answered, but its answer does not continue the partial one: none of it was shown. */
    | { readonly kind: "not-resumed" }
    | { readonly kind: "failed"; readonly failure: FailureRecord };
};

/** How an answer ended. Only a `complete` answer is whole. */
export type Ending =
  /**
   * `limitedBy`: it ended at an output limit, that of the request, the model's own, or what the budget still paid for.
   * `isUnexplained`: the server announced
   * its end, but not why it ended.
   */
  | {
      readonly kind: "complete";
      readonly limitedBy?: "request" | "model" | "budget" | undefined;
      readonly isUnexplained?: true | undefined;
    }
  /** Stopped by its consumer. `interrupted`: not by the user; the editor was closed or reloaded. */
  | { readonly kind: "stopped"; readonly interrupted?: true | undefined }
  | { readonly kind: "failed"; readonly failure: FailureRecord }
  /** No model was called. */
  | { readonly kind: "not-sent"; readonly reason: BlockReason };

/** What a consumer of `Engine.run` receives, in order: the provider's events, and those of routing and dispatch. */
export type AnswerEvent =
  | { readonly type: "decided"; readonly decision: Decision; readonly tookMs: number }
  /** A model is being called. */
  | { readonly type: "attempt"; readonly ref: ModelRef }
  /** The provider uses another model than the one that is called. */
  | { readonly type: "answeredBy"; readonly ref: ModelRef }
  | ProviderEvent
  /** The answer broke off here; what follows is another model's text, and continues it. */
  | {
      readonly type: "resumed";
      readonly from: ModelRef;
      readonly to: ModelRef;
      readonly method: ResumeMethod;
    }
  /** Everything shown so far is retracted, and the answer starts from the beginning. */
  | { readonly type: "restarted" }
  /** The previous model failed; the next one is called. */
  | {
      readonly type: "failedOver";
      readonly from: ModelRef;
      readonly to: ModelRef;
      readonly failure: FailureRecord;
    };

/** Receives the events of one answer, in order. */
export type AnswerSink = {
  /** Takes one event. Synchronous and cheap; must not throw. */
  push(event: AnswerEvent): void;
  /**
   * Called after each network read and at the end of a call, so that a consumer can write the events of one read at once.
   * Returns a promise while the consumer has no room, else undefined. The promise never rejects.
   */
  drained(): Promise<void> | undefined;
};

export type AnswerSummary = {
  readonly decisionId: string;
  readonly ending: Ending;
  /** The model whose text is shown; undefined if no model answered. */
  readonly modelUsed?: ModelRef | undefined;
  /** How many models were called without their text being the answer. */
  readonly fallbackCount: number;
  readonly attempts: readonly Attempt[];
  /** Models of the chain that could not be called when it was their turn, and why. Undefined if there are none. */
  readonly notCalled?: readonly Skipped[] | undefined;
  /** Undefined if the answer never broke off. */
  readonly handoffs?: readonly Handoff[] | undefined;
  readonly cost: Cost;
  /** What a simulated answer would have cost at its list prices. */
  readonly wouldCostNanoUsd?: NanoUsd | undefined;
  readonly usage?: Usage | undefined;
  readonly tookMs: number;
};
