import type { Ending } from "../contract/answer.ts";
import type { ChainStep } from "../contract/decision.ts";
import type { FailureRecord } from "../contract/failure.ts";
import type { ModelRef } from "../contract/model.ts";
import { type AttemptEnd, attempt, type Mode } from "./attempt.ts";
import { consequenceOf, retryDelayMs } from "./failurePolicy.ts";
import { firstTokenLimitMs } from "./limits.ts";
import type { RequestContext } from "./requestContext.ts";
import { type PartialAnswer, resumeMethods } from "./resume/partialAnswer.ts";

/** How a chain ended. No `ending`: no model answered. `modelUsed`: the model whose text is shown. */
export type ChainEnd = { readonly ending?: Ending | undefined; readonly modelUsed?: ModelRef | undefined };

/** How one candidate ended. */
type CandidateEnd =
  /** It failed, or was not called. `largerThan`: the next model must have a context window larger than this. */
  | { readonly kind: "next"; readonly largerThan?: number | undefined }
  /** It failed after a part of its answer was shown. */
  | { readonly kind: "broken"; readonly failure: FailureRecord }
  /** It did not resume the partial answer, or could not be called. It may still answer from the start. */
  | { readonly kind: "not-resumed" }
  | { readonly kind: "over"; readonly ending: Ending; readonly hasShown: boolean };

/**
 * Calls the models of a decision's chain, one after the other, until one completes an answer. The models after a partial
 * answer resume it. If none of them can, and the answer can be retracted, they answer from the start.
 */
export async function runFallbackChain(context: RequestContext): Promise<ChainEnd> {
  const { decision, cardOf, recheck, canRetract, output, progress, clock, signal } = context;
  const queue: ChainStep[] = decision.outcome.kind === "chosen" ? [...decision.outcome.chain] : [];
  const [first] = queue;
  const notResumed: ChainStep[] = [];
  let largerThan: number | undefined;
  let partial: PartialAnswer | undefined;

  for (;;) {
    const step = queue.shift();
    if (step === undefined) {
      if (partial === undefined || !canRetract || notResumed.length === 0) break;
      queue.push(...notResumed.splice(0));
      partial = { ...partial, text: undefined };
      continue;
    }
    if (signal.aborted) return { ending: { kind: "stopped" }, modelUsed: partial?.from };
    const window = cardOf(step.ref).maxInputTokens;
    if (largerThan !== undefined && window !== undefined && window <= largerThan) continue;
    if (step !== first && (await recheck(step.ref)) !== undefined) continue;
    const end = await runCandidate(step, partial, context);
    switch (end.kind) {
      case "next":
        largerThan = end.largerThan ?? largerThan;
        break;
      case "not-resumed":
        notResumed.push(step);
        break;
      case "broken": {
        progress.waitingSinceMs = clock.now();
        const text = output.hasToolCall ? undefined : output.text;
        // White space alone is not a partial answer: the next model answers from the start.
        if (text === undefined || text.trim() !== "")
          partial = { from: step.ref, failure: end.failure, text };
        if (partial !== undefined && partial.text === undefined && !canRetract) return failedWith(partial);
        break;
      }
      case "over":
        return { ending: end.ending, modelUsed: end.hasShown ? step.ref : partial?.from };
    }
  }
  if (signal.aborted) return { ending: { kind: "stopped" }, modelUsed: partial?.from };
  return partial === undefined ? {} : failedWith(partial);
}

function failedWith({ failure, from }: PartialAnswer): ChainEnd {
  return { ending: { kind: "failed", failure }, modelUsed: from };
}

/** Calls one model to answer, or to resume or replace a partial answer. Tries its methods of resuming in order. */
async function runCandidate(
  step: ChainStep,
  partial: PartialAnswer | undefined,
  context: RequestContext,
): Promise<CandidateEnd> {
  if (partial === undefined) return tryCandidate(step, { kind: "fresh" }, context);
  const { from, text } = partial;
  if (text === undefined) return tryCandidate(step, { kind: "restart", from }, context);
  for (const method of resumeMethods(context.cardOf(step.ref))) {
    const end = await tryCandidate(step, { kind: "resume", from, text, method }, context);
    if (end.kind !== "not-resumed") return end;
  }
  return { kind: "not-resumed" };
}

/** Calls one model, and calls it again if its failure allows it and there is time. */
async function tryCandidate(step: ChainStep, mode: Mode, context: RequestContext): Promise<CandidateEnd> {
  const { cardOf, clock, output, progress, random, settings, signal } = context;
  const isResuming = mode.kind === "resume";
  const leftMs = () => settings.timeouts.totalMs - (clock.now() - progress.waitingSinceMs);
  for (let tries = 1; leftMs() > 0; tries++) {
    const end = await attempt(step, mode, context, leftMs());
    // The budget may cover the request, but not the partial answer with it.
    if (end === undefined) return { kind: isResuming ? "not-resumed" : "next" };
    const { outcome } = end.attempt;
    if (outcome.kind === "answered")
      return { kind: "over", ending: completeEnding(step, end, context), hasShown: true };
    if (outcome.kind === "not-resumed") return { kind: "not-resumed" };
    const { failure } = outcome;
    const { hasShown } = end;
    progress.lastFailure = failure;
    if (failure.kind === "cancelled") return { kind: "over", ending: { kind: "stopped" }, hasShown };
    // The cause is the text appended to the user's request, not the request itself.
    const isRejected = failure.kind === "bad-request" || failure.kind === "context-length";
    if (isRejected && isResuming && !hasShown) return { kind: "not-resumed" };
    const { next } = consequenceOf(failure);
    if (next === "no") return { kind: "over", ending: { kind: "failed", failure }, hasShown };
    if (hasShown) return { kind: "broken", failure };
    // The reasoning that was shown belongs to the failed attempt.
    if (end.hasPushed && mode.kind === "fresh") output.push({ type: "restarted" });
    const delayMs = retryDelayMs(failure, tries, random);
    if (delayMs === undefined || delayMs + neededAfterWaitMs(step, context) >= leftMs()) {
      return {
        kind: "next",
        largerThan: next === "larger-window" ? cardOf(step.ref).maxInputTokens : undefined,
      };
    }
    await clock.sleep(delayMs, signal);
    if (signal.aborted) return { kind: "over", ending: { kind: "stopped" }, hasShown: false };
  }
  return { kind: "next" };
}

/** The time that must remain after a wait: for the first tokens of this model and of the next. For the last model, none. */
function neededAfterWaitMs(step: ChainStep, { decision, settings, cardOf }: RequestContext): number {
  const chain = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  const next = chain[chain.findIndex(({ ref }) => ref === step.ref) + 1];
  if (next === undefined) return 0;
  return [step, next].reduce((sum, model) => sum + firstTokenLimitMs(model, cardOf(model.ref), settings), 0);
}

/** The ending of a complete answer, with the limit that it reached, if it reached one. */
function completeEnding(
  step: ChainStep,
  { finish, attempt }: AttemptEnd,
  { cardOf }: RequestContext,
): Ending {
  if (finish !== "length") return { kind: "complete" };
  const ownLimit = cardOf(step.ref).maxOutputTokens;
  const isOwn = ownLimit !== undefined && (attempt.usage?.outputTokens ?? 0) >= ownLimit;
  return { kind: "complete", limitedBy: isOwn ? "model" : "request" };
}
