import type { AnswerEvent, Ending } from "../contract/answer.ts";
import type { ChainStep } from "../contract/decision.ts";
import type { FailureRecord } from "../contract/failure.ts";
import type { AttemptEnd } from "./attempt.ts";
import { firstTokenLimitMs } from "./limits.ts";
import { type Asking, tryOnce } from "./oneTry.ts";
import { consequenceOf } from "./policy.ts";
import type { DispatchRequest } from "./request.ts";
import { retryDelayMs } from "./retry.ts";

/** How one step of the chain ended. */
export type StepEnd =
  /** Its model was given up on, or not asked; `largerThan`: only a larger window helps. */
  | { readonly kind: "next"; readonly largerThan?: number }
  /** A part of its answer was shown; `texts`: all that was, unless that is more than text. */
  | { readonly kind: "torn"; readonly failure: FailureRecord; readonly texts?: readonly string[] }
  /** Its answer does not go on with the torn one, or it cannot be asked to: it may still answer anew. */
  | { readonly kind: "not-resumed" }
  | { readonly kind: "over"; readonly ending: Ending; readonly shown: boolean };

/** Asks one model, and again where its failure allows it and the time is there. */
export async function* askStep(asking: Asking): AsyncGenerator<AnswerEvent, StepEnd> {
  const { step, request, deps, progress, signal, continuing } = asking;
  const leftMs = () => request.settings.timeouts.totalMs - (deps.clock.now() - progress.waitingSinceMs);
  for (let tries = 1; leftMs() > 0; tries++) {
    const end = yield* tryOnce(asking, leftMs());
    // It may be the length of what is torn that the budget does not carry.
    if (end === undefined) return { kind: continuing === undefined ? "next" : "not-resumed" };
    const { outcome } = end.attempt;
    const shown = end.shown !== "nothing";
    if (outcome.kind === "answered")
      return { kind: "over", ending: completeEnding(step, end, request), shown: true };
    if (outcome.kind === "not-resumed") return { kind: "not-resumed" };
    const { failure } = outcome;
    progress.lastFailure = failure;
    if (failure.kind === "cancelled") return { kind: "over", ending: { kind: "stopped" }, shown };
    const { next } = consequenceOf(failure);
    // Not what the user sent is at fault, but what we put behind it.
    const isOurs = failure.kind === "bad-request" || failure.kind === "context-length";
    if (isOurs && continuing !== undefined && !shown) return { kind: "not-resumed" };
    if (next === "no") return { kind: "over", ending: { kind: "failed", failure }, shown };
    if (shown) return { kind: "torn", failure, ...(end.shown === "text" ? { texts: end.texts } : {}) };
    // What was passed on belongs to an answer that did not come.
    if (end.passedOn && continuing === undefined) yield { type: "restarted" };
    const delayMs = retryDelayMs(failure, tries, deps.random);
    if (delayMs === undefined || delayMs + neededAfterWaitMs(asking) >= leftMs()) {
      const window = request.cardOf(step.ref).maxInputTokens;
      return next === "larger-window" && window !== undefined
        ? { kind: "next", largerThan: window }
        : { kind: "next" };
    }
    await deps.clock.sleep(delayMs, signal);
    if (signal.aborted) return { kind: "over", ending: { kind: "stopped" }, shown: false };
  }
  return { kind: "next" };
}

/** The time that a wait has to leave: for the model's own first token, and for the one behind it. The last model has all. */
function neededAfterWaitMs({ step, request }: Asking): number {
  const { decision, settings, cardOf } = request;
  const chain = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  const next = chain[chain.findIndex(({ ref }) => ref === step.ref) + 1];
  if (next === undefined) return 0;
  const limitOf = (each: ChainStep) => firstTokenLimitMs(each, cardOf(each.ref), settings);
  return limitOf(step) + limitOf(next);
}

/** At an output limit, whose was it: the one we sent, or the model's own. */
function completeEnding(step: ChainStep, { finish, attempt }: AttemptEnd, request: DispatchRequest): Ending {
  if (finish !== "length") return { kind: "complete" };
  const own = request.cardOf(step.ref).maxOutputTokens;
  const reached = own !== undefined && (attempt.usage?.outputTokens ?? 0) >= own;
  return { kind: "complete", limitedBy: reached ? "model" : "ours" };
}
