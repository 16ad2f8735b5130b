import type { BlockReason, Decision } from "./decision.ts";
import type { FailureRecord } from "./failure.ts";
import type { ModelRef } from "./model.ts";
import type { Cost, NanoUsd, Usage } from "./money.ts";
import type { RateLimit } from "./provider.ts";

/**
 * How a torn answer is gone on with. `prefill`: the model continues the text as an assistant's beginning; `anchor`: it is
 * shown the text, and begins with its last words.
 */
export type ResumeMethod = "prefill" | "anchor";

/** A torn answer, and the model that made it whole. `restart`: what was shown was taken back, and it answered anew. */
export type Handoff = {
  readonly from: ModelRef;
  readonly to: ModelRef;
  readonly method: ResumeMethod | "restart";
};

/** One call of one model, and its outcome. Times count from the start of the request. */
export type Attempt = {
  readonly ref: ModelRef;
  readonly startedMs: number;
  readonly tookMs: number;
  /** From the attempt's start to its first text; left out where none came. */
  readonly firstTokenMs?: number;
  readonly cost: Cost;
  readonly usage?: Usage;
  readonly rateLimits?: readonly RateLimit[];
  /** It was asked to go on with a torn answer, and by which means. */
  readonly resumeMethod?: ResumeMethod;
  readonly outcome:
    | { readonly kind: "answered" }
    /** It answered, but nothing in its answer says where the torn one goes on: none of it was shown. */
    | { readonly kind: "not-resumed" }
    | { readonly kind: "failed"; readonly failure: FailureRecord };
};

/** How an answer ended. Only `complete` is whole. */
export type Ending =
  /** `limitedBy`: it stopped at an output limit, ours or the model's own. */
  | { readonly kind: "complete"; readonly limitedBy?: "ours" | "model" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly failure: FailureRecord }
  /** Nobody was asked. */
  | { readonly kind: "not-sent"; readonly reason: BlockReason };

/**
 * What a consumer of `engine.run` sees, in order; `end` is always the last. `raw` is the wire's own text of just this
 * event, where the request came in the provider's format.
 */
export type AnswerEvent =
  | { readonly type: "decided"; readonly decision: Decision; readonly tookMs: number }
  /** A model is being asked. */
  | { readonly type: "attempt"; readonly ref: ModelRef; readonly number: number }
  | { readonly type: "text"; readonly text: string; readonly raw?: string }
  | {
      readonly type: "reasoning";
      readonly text: string;
      readonly raw?: string;
      readonly provider: string;
      readonly signature?: string;
    }
  | { readonly type: "toolCall"; readonly id: string; readonly name: string; readonly argumentsJson: string }
  /** The answer was torn here; what follows is another model's, and goes on with it. */
  | {
      readonly type: "resumed";
      readonly from: ModelRef;
      readonly to: ModelRef;
      readonly method: ResumeMethod;
    }
  /** Throw away what was shown of this answer: it starts anew. */
  | { readonly type: "restarted" }
  /** The model before failed; the next one is asked. */
  | {
      readonly type: "failedOver";
      readonly from: ModelRef;
      readonly to: ModelRef;
      readonly failure: FailureRecord;
    }
  | { readonly type: "end"; readonly summary: AnswerSummary };

export type AnswerSummary = {
  readonly decisionId: string;
  readonly ending: Ending;
  /** The model whose text is shown; left out where nobody answered. */
  readonly modelUsed?: ModelRef;
  /** How many models of the chain were given up on. */
  readonly fallbackCount: number;
  readonly attempts: readonly Attempt[];
  /** Left out where nothing was torn. */
  readonly handoffs?: readonly Handoff[];
  readonly cost: Cost;
  /** What a simulated answer would have cost at its list prices. */
  readonly wouldCostNanoUsd?: NanoUsd;
  readonly usage?: Usage;
  readonly tookMs: number;
};
