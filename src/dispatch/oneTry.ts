import type { AnswerEvent } from "../contract/answer.ts";
import type { Reservation } from "../contract/budget.ts";
import type { Clock } from "../contract/clock.ts";
import type { ChainStep } from "../contract/decision.ts";
import type { FailureRecord } from "../contract/failure.ts";
import { type Message, textOf } from "../contract/message.ts";
import { type ModelRef, splitRef } from "../contract/model.ts";
import { estimateTokens, imageBound, inputBound } from "../models/tokens.ts";
import { type Leave, leaveToAsk } from "./admission.ts";
import { type AttemptEnd, type AttemptRequest, runAttempt } from "./attempt.ts";
import { appendedFor, attributesOfRest, type Continuing } from "./continuation.ts";
import { HOLD_WAIT_MS, hold } from "./hold.ts";
import { joinedAttempt } from "./joinedAttempt.ts";
import { limitsFor } from "./limits.ts";
import { outputLimitFor, worthOf } from "./outputLimit.ts";
import type { DispatchDeps, DispatchRequest, Progress } from "./request.ts";

/** What it takes to ask one model of the chain. */
export type Asking = {
  readonly step: ChainStep;
  readonly request: DispatchRequest;
  readonly deps: DispatchDeps;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The torn answer that it is to go on with. */
  readonly continuing?: Continuing;
};

/**
 * One attempt, with its leave and its money; undefined where either is refused.
 * @param leftMs until when the answer must have started
 */
export async function* tryOnce(
  { step, request, deps, progress, signal, continuing }: Asking,
  leftMs: number,
): AsyncGenerator<AnswerEvent, AttemptEnd | undefined> {
  const { decision, settings, content, limits } = request;
  const attributes =
    continuing === undefined ? decision.attributes : attributesOfRest(decision.attributes, continuing);
  const appended = continuing === undefined ? [] : appendedFor(continuing);
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
        ref: step.ref,
        maximumNanoUsd: worth.wantNanoUsd,
        minimumNanoUsd: worth.needNanoUsd,
        inputNanoUsd: worth.sentNanoUsd,
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
    if (held.kind !== "reserved") {
      progress.freeNanoUsd = held.leftNanoUsd - (held.kind === "blocked" ? held.reservedNanoUsd : 0);
      return undefined;
    }
    if (progress.attempts.at(-1)?.ref !== step.ref) yield* failedOver(progress, step.ref);
    yield { type: "attempt", ref: step.ref, number: progress.attempts.length + 1 };
    const { temperature, topP, ...asked } = content;
    const attempt: AttemptRequest = {
      ref: step.ref,
      card,
      provider,
      reservationId: held.id,
      heldNanoUsd: held.nanoUsd,
      onAlive: leave.alive,
      inputTokens: () => inputTokensOf(step.ref, request) + tokensOf(appended),
      requestStartedMs: progress.startedMs,
      ask: {
        ...asked,
        ...(appended.length === 0 ? {} : { appended }),
        ...(card.samplingParams && temperature !== undefined ? { temperature } : {}),
        ...(card.samplingParams && topP !== undefined ? { topP } : {}),
        model: card.wireName,
        maxOutputTokens: outputLimitFor(card, attributes, worth, held.nanoUsd),
        limits: limitsFor(step, card, settings, leftMs),
      },
    };
    const run = (until: AbortSignal) => runAttempt(attempt, budget, clock, until);
    isAsked = true;
    end = yield* continuing === undefined ? run(signal) : joinedAttempt(continuing, step.ref, run, signal);
    progress.attempts.push(end.attempt);
    if (continuing !== undefined && (end.shown !== "nothing" || end.attempt.outcome.kind === "answered"))
      progress.rescues.push({ from: continuing.torn.from, to: step.ref, method: continuing.means });
    return end;
  } finally {
    // The consumer may have left before the call: nothing was sent.
    if (held?.kind === "reserved" && !isAsked)
      await budget.settle(held.id, { cost: { kind: "exact", nanoUsd: 0 } });
    if (end?.attempt.outcome.kind === "answered") deps.afterEnd(booksOf(end, leave, clock));
    else {
      await end?.settle?.();
      await leave.failed(failureOf(end) ?? SAYS_NOTHING);
    }
  }
}

/** What a whole answer cost, and what it tells of the model's health. */
function booksOf(end: AttemptEnd, leave: Leave, clock: Clock): () => Promise<void> {
  const exhaustedUntilMs = exhaustedUntil(end.attempt, clock.now());
  return async () => {
    try {
      await end.settle?.();
    } finally {
      await leave.answered(speedOf(end), exhaustedUntilMs);
    }
  };
}

/** Who failed before; who answered, but did not join a torn answer, did not. */
function* failedOver({ attempts }: Progress, to: ModelRef): Generator<AnswerEvent> {
  const failed = attempts.findLast(({ outcome }) => outcome.kind === "failed");
  if (failed?.outcome.kind === "failed" && failed.ref !== to)
    yield { type: "failedOver", from: failed.ref, to, failure: failed.outcome.failure };
}

/** Told of an attempt that never was, or that was stopped by us: it says nothing of the model's health. */
const SAYS_NOTHING = { kind: "cancelled", provider: "", message: "Not asked to the end." } as const;

function failureOf(end: AttemptEnd | undefined): FailureRecord | undefined {
  return end?.attempt.outcome.kind === "failed" ? end.attempt.outcome.failure : undefined;
}

/** Tools and a client's own fields are JSON, which has two bytes a token at the least. */
const BYTES_PER_JSON_TOKEN = 2;

/** About what is sent: the conversation, its images, and what goes along beside it. */
function inputTokensOf(ref: ModelRef, { decision, content }: DispatchRequest): number {
  const { inputBoundTokens, images } = decision.attributes;
  const bytesBeside = Math.max(0, inputBoundTokens - inputBound(content.messages));
  return decision.expectedInputTokens + bytesBeside / BYTES_PER_JSON_TOKEN + (imageBound(images, ref) ?? 0);
}

function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0);
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
