import type { AnswerEvent, Ending } from "../contract/answer.ts";
import type { ChainStep } from "../contract/decision.ts";
import { splitRef } from "../contract/model.ts";
import type { Reservation } from "../ledger/budget.ts";
import { routeName } from "../ledger/routeName.ts";
import { leaveToAsk } from "./admission.ts";
import { type AttemptEnd, runAttempt } from "./attempt.ts";
import { HOLD_WAIT_MS, hold } from "./hold.ts";
import { limitsFor } from "./limits.ts";
import { outputLimitFor, worthOf } from "./outputLimit.ts";
import { consequenceOf } from "./policy.ts";
import type { DispatchDeps, DispatchRequest, Progress } from "./request.ts";
import { retryDelayMs } from "./retry.ts";

/** How one step of the chain ended. */
export type StepEnd =
  /** Its model was given up on, or not asked; `largerThan`: only a larger window helps. */
  | { readonly kind: "next"; readonly largerThan?: number }
  | { readonly kind: "over"; readonly ending: Ending; readonly shown: boolean };

/** Asks one model, and again where its failure allows it and the time is there. */
export async function* askStep(
  step: ChainStep,
  request: DispatchRequest,
  deps: DispatchDeps,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, StepEnd> {
  const { clock, random } = deps;
  const leftMs = () => request.settings.timeouts.totalMs - (clock.now() - progress.startedMs);
  for (let tries = 1; leftMs() > 0; tries++) {
    const end = yield* tryOnce(step, leftMs(), request, deps, progress, signal);
    if (end === undefined) return { kind: "next" };
    const { attempt, shown } = end;
    if (attempt.outcome.kind === "answered") {
      return { kind: "over", ending: completeEnding(step, end, request), shown };
    }
    const { failure } = attempt.outcome;
    progress.lastFailure = failure;
    if (failure.kind === "cancelled") return { kind: "over", ending: { kind: "stopped" }, shown };
    const { next } = consequenceOf(failure);
    if (next === "no" || (shown && !(request.canTakeBack && isLeft(step, request)))) {
      return { kind: "over", ending: { kind: "failed", failure }, shown };
    }
    const delayMs = retryDelayMs(failure, tries, random);
    if (delayMs === undefined || delayMs >= leftMs()) {
      // What was passed on belongs to an answer that did not come, or broke.
      if (end.passedOn) yield { type: "restart" };
      const window = request.cardOf(step.ref).maxInputTokens;
      return next === "larger-window" && window !== undefined
        ? { kind: "next", largerThan: window }
        : { kind: "next" };
    }
    await clock.sleep(delayMs, signal);
    if (signal.aborted) return { kind: "over", ending: { kind: "stopped" }, shown: false };
  }
  return { kind: "next" };
}

/** Somebody stands behind this step in the chain: a torn answer is not taken back for nobody. */
function isLeft(step: ChainStep, { decision }: DispatchRequest): boolean {
  return decision.outcome.kind === "chosen" && decision.outcome.chain.at(-1)?.ref !== step.ref;
}

/** One attempt, with its leave and its money; undefined where either is refused. */
async function* tryOnce(
  step: ChainStep,
  leftMs: number,
  request: DispatchRequest,
  deps: DispatchDeps,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, AttemptEnd | undefined> {
  const { decision, settings, content, limits } = request;
  const { attributes } = decision;
  const { budget, health, clock, fingerprintOf } = deps;
  const card = request.cardOf(step.ref);
  const provider = await deps.providerFor(splitRef(step.ref).provider);
  if (provider === undefined) return undefined;
  const leave = await leaveToAsk(step.ref, health, {
    breaker: settings.breaker,
    force: step.ref === attributes.explicitModel,
    now: clock.now,
    fingerprintOf,
  });
  if (leave === undefined) return undefined;

  let held: Reservation | undefined;
  let isAsked = false;
  let end: AttemptEnd | undefined;
  try {
    const worth = worthOf(card, attributes, settings);
    if (signal.aborted) return undefined;
    progress.holdUntilMs ??= clock.now() + HOLD_WAIT_MS;
    held = await hold(
      budget,
      {
        decisionId: decision.id,
        ref: step.ref,
        route: routeName(decision.route),
        wantNanoUsd: worth.wantNanoUsd,
        needNanoUsd: worth.needNanoUsd,
        sentNanoUsd: worth.sentNanoUsd,
        limits,
        soft:
          decision.outcome.kind === "chosen" &&
          decision.outcome.byBudget === "cheapest" &&
          attributes.budgetChoice === undefined,
      },
      clock,
      progress.holdUntilMs,
      signal,
    );
    if (held.kind !== "held") {
      progress.freeNanoUsd = held.leftNanoUsd - (held.kind === "blocked" ? held.heldNanoUsd : 0);
      return undefined;
    }
    const before = progress.attempts.at(-1);
    if (before !== undefined && before.ref !== step.ref && progress.lastFailure !== undefined) {
      yield { type: "failedOver", from: before.ref, to: step.ref, failure: progress.lastFailure };
    }
    yield { type: "attempt", ref: step.ref, number: progress.attempts.length + 1 };
    const { temperature, topP, ...asked } = content;
    isAsked = true;
    end = yield* runAttempt(
      {
        ref: step.ref,
        card,
        provider,
        reservationId: held.id,
        heldNanoUsd: held.nanoUsd,
        onAlive: leave.alive,
        inputTokens: decision.expectedInputTokens,
        requestStartedMs: progress.startedMs,
        ask: {
          ...asked,
          ...(card.samplingParams && temperature !== undefined ? { temperature } : {}),
          ...(card.samplingParams && topP !== undefined ? { topP } : {}),
          model: card.wireName,
          maxOutputTokens: outputLimitFor(card, attributes, worth, held.nanoUsd),
          limits: limitsFor(step, card, settings, leftMs),
        },
      },
      budget,
      clock,
      signal,
    );
    progress.attempts.push(end.attempt);
    return end;
  } finally {
    // The consumer may have left before the call: nothing was sent.
    if (held?.kind === "held" && !isAsked)
      await budget.settle(held.id, { cost: { kind: "exact", nanoUsd: 0 } });
    if (end?.attempt.outcome.kind === "answered")
      await leave.answered(speedOf(end), exhaustedUntil(end.attempt, clock.now()));
    else await leave.failed(end?.attempt.outcome.failure ?? NOT_ASKED);
  }
}

/** Told of an attempt that never was: it says nothing of the model's health. */
const NOT_ASKED = { kind: "cancelled", provider: "", words: "Not asked." } as const;

/** At an output limit, whose was it: the one we sent, or the model's own. */
function completeEnding(step: ChainStep, { finish, attempt }: AttemptEnd, request: DispatchRequest): Ending {
  if (finish !== "length") return { kind: "complete" };
  const own = request.cardOf(step.ref).maxOutputTokens;
  const reached = own !== undefined && (attempt.usage?.outputTokens ?? 0) >= own;
  return { kind: "complete", limitedBy: reached ? "model" : "ours" };
}

/** Until when a rate limit is used up, by the headers of the answer; the latest of them. */
function exhaustedUntil({ rateLimits = [] }: AttemptEnd["attempt"], nowMs: number): number | undefined {
  const resets = rateLimits.flatMap(({ remaining, resetAtMs = 0 }) => (remaining <= 0 ? [resetAtMs] : []));
  const latest = Math.max(0, ...resets);
  return latest > nowMs ? latest : undefined;
}

function speedOf({
  attempt,
}: AttemptEnd): { readonly firstTokenMs: number; readonly tokensPerSecond: number } | undefined {
  const { firstTokenMs, tookMs, usage } = attempt;
  if (firstTokenMs === undefined || usage === undefined) return undefined;
  const seconds = Math.max(1, tookMs - firstTokenMs) / 1000;
  return { firstTokenMs, tokensPerSecond: usage.outputTokens / seconds };
}
