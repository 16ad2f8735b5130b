import type { Ending } from "../contract/answer.ts";
import type { ChainStep } from "../contract/decision.ts";
import type { FailureKind, FailureRecord } from "../contract/failure.ts";
import { type ModelRef, splitRef } from "../contract/model.ts";
import type { Skipped } from "../contract/skipped.ts";
import { type AttemptEnd, attempt, type Mode } from "./attempt.ts";
import {
  consequenceOf,
  fittingOutputTokens,
  MAX_WAIT_MS,
  type Retry,
  retryDelayMs,
} from "./failurePolicy.ts";
import { firstTokenLimitMs } from "./limits.ts";
import type { RequestContext } from "./requestContext.ts";
import { type PartialAnswer, resumeMethods } from "./resume/partialAnswer.ts";

/** How a chain ended. No `ending`: no model answered. `modelUsed`: the model whose text is shown. */
export type ChainEnd = { readonly ending?: Ending | undefined; readonly modelUsed?: ModelRef | undefined };

/** How one candidate ended. */
type CandidateEnd =
  /**
   * It failed, or was not called. `largerThan`: the next model must have a context window larger than this. `isRejected`:
   * it rejected the request. `unreachable`: its provider could not be reached.
   */
  | {
      readonly kind: "next";
      readonly largerThan?: number | undefined;
      readonly isRejected?: boolean | undefined;
      readonly unreachable?: FailureRecord | undefined;
    }
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
  let isRejected = false;
  const unreachable: FailureRecord[] = [];
  let partial: PartialAnswer | undefined;

  const reasonToSkip = async ({ ref }: ChainStep): Promise<Skipped | undefined> => {
    const { maxInputTokens: window, local } = cardOf(ref);
    const { provider } = splitRef(ref);
    if (unreachable.some((failure) => failure.provider === provider)) return { ref, reason: "unreachable" };
    if (!local && unreachable.some(({ isOffline }) => isOffline)) return { ref, reason: "offline" };
    if (largerThan !== undefined && window !== undefined && window <= largerThan)
      return { ref, reason: "window-not-larger", maxInputTokens: window };
    return ref === first?.ref ? undefined : recheck(ref);
  };
  const nextCallable = async (): Promise<ChainStep | undefined> => {
    for (const step of queue) if ((await reasonToSkip(step)) === undefined) return step;
    return undefined;
  };

  for (;;) {
    const step = queue.shift();
    if (step === undefined) {
      if (partial === undefined || !canRetract || notResumed.length === 0) break;
      queue.push(...notResumed.splice(0));
      partial = { ...partial, text: undefined };
      continue;
    }
    if (signal.aborted) return { ending: { kind: "stopped" }, modelUsed: partial?.from };
    const reason = await reasonToSkip(step);
    if (reason !== undefined) {
      progress.notCalled.set(step.ref, reason);
      continue;
    }
    const end = await runCandidate(step, partial, context, nextCallable);
    switch (end.kind) {
      case "next":
        largerThan = end.largerThan ?? largerThan;
        if (end.unreachable !== undefined) unreachable.push(end.unreachable);
        // If a second model rejects the request, the request is at fault.
        if (end.isRejected === true && isRejected) queue.length = 0;
        isRejected ||= end.isRejected === true;
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

type NextCallable = () => Promise<ChainStep | undefined>;

/** Calls one model to answer, or to resume or replace a partial answer. Tries its methods of resuming in order. */
async function runCandidate(
  step: ChainStep,
  partial: PartialAnswer | undefined,
  context: RequestContext,
  nextCallable: NextCallable,
): Promise<CandidateEnd> {
  if (partial === undefined) return tryCandidate(step, { kind: "fresh" }, context, nextCallable);
  const { from, text } = partial;
  if (text === undefined) return tryCandidate(step, { kind: "restart", from }, context, nextCallable);
  for (const method of resumeMethods(context.cardOf(step.ref))) {
    const mode: Mode = { kind: "resume", from, text, method };
    const end = await tryCandidate(step, mode, context, nextCallable);
    if (end.kind !== "not-resumed") return end;
  }
  return { kind: "not-resumed" };
}

/** Kinds whose cause is the request, or, if the model is asked to resume an answer, the text that is appended to it. */
const OF_REQUEST: readonly FailureKind[] = ["bad-request", "context-length", "too-large"];

/** Calls one model, and calls it again if its failure allows it and there is time. */
async function tryCandidate(
  step: ChainStep,
  mode: Mode,
  context: RequestContext,
  nextCallable: NextCallable,
): Promise<CandidateEnd> {
  const { clock, output, progress, random, settings, signal } = context;
  const leftMs = () => settings.timeouts.totalMs - (clock.now() - progress.waitingSinceMs);
  const retried = new Map<Retry["kind"], number>();
  let maxOutputTokens: number | undefined;
  while (leftMs() > 0) {
    const end = await attempt(step, mode, context, leftMs(), maxOutputTokens);
    if (end === undefined) {
      await recordNotCalled(step, context);
      // The budget may cover the request, but not the partial answer with it.
      return { kind: mode.kind === "resume" ? "not-resumed" : "next" };
    }
    const { outcome } = end.attempt;
    if (outcome.kind === "answered")
      return { kind: "over", ending: completeEnding(step, end, context), hasShown: true };
    if (outcome.kind === "not-resumed") return { kind: "not-resumed" };
    const { failure } = outcome;
    const { hasShown } = end;
    progress.lastFailure = failure;
    if (failure.kind === "cancelled") return { kind: "over", ending: { kind: "stopped" }, hasShown };
    const { next, retry } = consequenceOf(failure);
    if (next === "no") return { kind: "over", ending: { kind: "failed", failure }, hasShown };
    if (hasShown) return { kind: "broken", failure };
    // The reasoning that was shown belongs to the failed attempt.
    if (end.hasPushed && mode.kind === "fresh") output.push({ type: "restarted" });
    const times = (retried.get(retry.kind) ?? 0) + 1;
    retried.set(retry.kind, times);
    maxOutputTokens = fittingOutputTokens(failure.size, end.maxOutputTokens) ?? maxOutputTokens;
    const delayMs =
      retry.kind === "smaller-output" && maxOutputTokens === undefined
        ? undefined
        : retryDelayMs(retry, times, random);
    if (delayMs === undefined || !(await hasTimeFor(delayMs, step, leftMs, context, nextCallable))) {
      if (mode.kind === "resume" && OF_REQUEST.includes(failure.kind)) return { kind: "not-resumed" };
      return nextAfter(failure, step, context);
    }
    await clock.sleep(delayMs, signal);
    if (signal.aborted) return { kind: "over", ending: { kind: "stopped" }, hasShown: false };
  }
  if (retried.size === 0) {
    const limitMs = settings.timeouts.totalMs;
    progress.notCalled.set(step.ref, { ref: step.ref, reason: "no-time", limitMs });
  }
  return { kind: "next" };
}

/** Records why an attempt was not made, unless its reservation has: what changed since its turn came. */
async function recordNotCalled({ ref }: ChainStep, { progress, recheck }: RequestContext): Promise<void> {
  if (progress.notCalled.has(ref)) return;
  const reason = await recheck(ref);
  if (reason !== undefined) progress.notCalled.set(ref, reason);
}

/** What follows for the models after this one. */
function nextAfter(failure: FailureRecord, step: ChainStep, { cardOf }: RequestContext): CandidateEnd {
  const { next } = consequenceOf(failure);
  if (next === "other-provider" || next === "local") return { kind: "next", unreachable: failure };
  if (next !== "larger-window") return { kind: "next", isRejected: next === "unless-rejected" };
  // The server may run the model with a smaller window than that of its card.
  const windows = [cardOf(step.ref).maxInputTokens, failure.size?.limitTokens];
  const known = windows.filter((window) => window !== undefined);
  return { kind: "next", largerThan: known.length === 0 ? undefined : Math.min(...known) };
}

/**
 * Whether to wait before a model is called again. While another model can be called, at most 3 s, and only if there is
 * time for the first tokens of both after it.
 */
async function hasTimeFor(
  delayMs: number,
  step: ChainStep,
  leftMs: () => number,
  context: RequestContext,
  nextCallable: NextCallable,
): Promise<boolean> {
  const next = await nextCallable();
  if (next === undefined) return delayMs < leftMs();
  const neededMs = [step, next].reduce(
    (sum, model) => sum + firstTokenLimitMs(model, context.cardOf(model.ref), context),
    0,
  );
  return delayMs <= MAX_WAIT_MS && delayMs + neededMs < leftMs();
}

/** The ending of a complete answer, with the limit that it reached, if it reached one. */
function completeEnding(
  step: ChainStep,
  { end, attempt, isLimitedByBudget }: AttemptEnd,
  { cardOf }: RequestContext,
): Ending {
  if (end?.isUnexplained === true) return { kind: "complete", isUnexplained: true };
  if (end?.finish !== "length") return { kind: "complete" };
  const ownLimit = cardOf(step.ref).maxOutputTokens;
  const isOwn = ownLimit !== undefined && (attempt.usage?.outputTokens ?? 0) >= ownLimit;
  return { kind: "complete", limitedBy: isOwn ? "model" : isLimitedByBudget ? "budget" : "request" };
}
