import type { Attempt, ResumeMethod } from "../contract/answer.ts";
import type { Attributes, ChainStep, Decision } from "../contract/decision.ts";
import type { LatencySample } from "../contract/health.ts";
import { type ModelCard, type ModelRef, splitRef } from "../contract/model.ts";
import type { Ask } from "../contract/provider/ask.ts";
import type { ProviderEnd } from "../contract/provider/provider.ts";
import { consequenceOf } from "./failurePolicy.ts";
import { limitsFor } from "./limits.ts";
import { Reservation } from "./money/reservation.ts";
import { Permit } from "./permit.ts";
import { type CallResult, ReceivingSink } from "./receivingSink.ts";
import type { RequestContext } from "./requestContext.ts";
import { attributesOfRest, resumeMessages } from "./resume/partialAnswer.ts";
import { RetractingSink } from "./resume/retractingSink.ts";
import { StitchingSink } from "./resume/stitchingSink.ts";

/** The purpose of an attempt. */
export type Mode =
  | { readonly kind: "fresh" }
  /** The answer broke off after `text`, and this model is asked to continue it. */
  | {
      readonly kind: "resume";
      readonly from: ModelRef;
      readonly text: string;
      readonly method: ResumeMethod;
    }
  /** The answer broke off and cannot be resumed: this model's answer replaces it. */
  | { readonly kind: "restart"; readonly from: ModelRef };

/** How an attempt ended. */
export type AttemptEnd = {
  readonly attempt: Attempt;
  /** How the answer ended; undefined if it is not complete. */
  readonly end: ProviderEnd | undefined;
  /** True if text or a tool call was shown to the consumer. */
  readonly hasShown: boolean;
  /** True if anything was pushed to the consumer, including reasoning. */
  readonly hasPushed: boolean;
  /** The output limit that was sent. */
  readonly maxOutputTokens: number;
  /** True if the rest of the budget lowered that limit. */
  readonly isLimitedByBudget: boolean;
};

/**
 * Calls one model once, with a permit from the breakers and a reservation of money; undefined if either is not granted.
 * When it returns or throws, the cost is settled and the outcome is reported to the breakers, or, if the model answered,
 * both are in `progress.afterAnswer`. No other code does that.
 * @param leftMs how long the answer may still take to start
 * @param maxOutputTokens an output limit below that of the request
 */
export async function attempt(
  step: ChainStep,
  mode: Mode,
  context: RequestContext,
  leftMs: number,
  maxOutputTokens?: number,
): Promise<AttemptEnd | undefined> {
  const { ref } = step;
  const { content, decision, output, progress, signal } = context;
  const card = context.cardOf(ref);
  const provider = await context.providerFor(splitRef(ref).provider);
  if (provider === undefined) return undefined;
  await using permit = await Permit.acquire(ref, context);
  if (permit === undefined || signal.aborted) return undefined;
  const resuming = mode.kind === "resume" ? mode : undefined;
  const attributes = withOutputLimit(
    resuming === undefined ? decision.attributes : attributesOfRest(decision.attributes, resuming),
    maxOutputTokens,
  );
  await using reservation = await Reservation.acquire(ref, card, attributes, context);
  if (reservation === undefined || signal.aborted) return undefined;

  announce(ref, context);
  const shownBefore = output.shownCount;
  const appended = resuming === undefined ? undefined : resumeMessages(resuming);
  const stitching = resuming === undefined ? undefined : new StitchingSink(resuming, ref, output);
  const retracting = mode.kind === "restart" ? new RetractingSink(mode.from, ref, context) : undefined;
  const target = stitching ?? retracting ?? output;
  const received = new ReceivingSink(target, card, permit, reservation, context, appended);
  const result = await received.resultOf(
    provider.ask(
      {
        messages: content.messages,
        tools: content.tools,
        toolChoice: content.toolChoice,
        parallelToolCalls: content.parallelToolCalls,
        ...effortFor(card, decision),
        stop: content.stop,
        wire: content.wire,
        appended,
        // Models without sampling parameters reject a request that has one.
        temperature: card.samplingParams ? content.temperature : undefined,
        topP: card.samplingParams ? content.topP : undefined,
        model: card.wireName,
        maxOutputTokens: reservation.maxOutputTokens,
        limits: limitsFor(step, card, context, leftMs),
      },
      received,
      stitching === undefined ? signal : AbortSignal.any([signal, stitching.signal]),
    ),
  );
  const isResumed = stitching?.end(result.kind === "answered") ?? true;
  const outcome = outcomeOf(result, isResumed);
  const record = received.record(outcome, resuming?.method);
  if (outcome.kind === "failed") permit.failed(outcome.failure, isCounted(ref, progress.attempts));
  progress.attempts.push(record);
  const hasShown = output.shownCount > shownBefore;
  if (resuming !== undefined && (hasShown || outcome.kind === "answered")) {
    progress.handoffs.push({ from: resuming.from, to: ref, method: resuming.method });
  }
  if (outcome.kind === "answered") {
    permit.answered(speedOf(record), exhaustedUntilMs(record, context.clock.now()));
    permit.reportAfterAnswer();
    reservation.settleAfterAnswer();
  } else if (outcome.kind === "failed" && outcome.failure.capability !== undefined) {
    context.lacksCapability(ref, outcome.failure.capability);
  }
  const end = result.kind === "answered" ? result.end : undefined;
  const { hasPushed } = received;
  const { maxOutputTokens: limit, isLimitedByBudget } = reservation;
  return { attempt: record, end, hasShown, hasPushed, maxOutputTokens: limit, isLimitedByBudget };
}

function effortFor(
  { capabilities }: ModelCard,
  { effort }: Decision,
): Pick<Ask, "reasoningEffort" | "isEffortOptional"> {
  if (effort === undefined) return {};
  const isOptional = effort.by !== "request";
  if (isOptional && !capabilities.includes("reasoning")) return {};
  return { reasoningEffort: effort.value, isEffortOptional: isOptional };
}

function withOutputLimit(attributes: Attributes, limit: number | undefined): Attributes {
  if (limit === undefined) return attributes;
  return { ...attributes, maxOutputTokens: Math.min(limit, attributes.maxOutputTokens ?? limit) };
}

/** Whether a breaker has counted a failure of this model for this request. */
function isCounted(ref: ModelRef, attempts: readonly Attempt[]): boolean {
  return attempts.some(
    (earlier) =>
      earlier.ref === ref &&
      earlier.outcome.kind === "failed" &&
      consequenceOf(earlier.outcome.failure).breaker !== "none",
  );
}

/** Pushes the events about the model that is called, and about the model that failed before it. */
function announce(ref: ModelRef, { output, progress: { attempts } }: RequestContext): void {
  const failed = attempts.findLast(({ outcome }) => outcome.kind === "failed");
  if (attempts.at(-1)?.ref !== ref && failed?.outcome.kind === "failed" && failed.ref !== ref) {
    output.push({ type: "failedOver", from: failed.ref, to: ref, failure: failed.outcome.failure });
  }
  output.push({ type: "attempt", ref });
}

/** An answer that does not continue the partial one is not a failure, even though its call may have been cancelled. */
function outcomeOf(result: CallResult, isResumed: boolean): Attempt["outcome"] {
  if (!isResumed) return { kind: "not-resumed" };
  if (result.kind === "failed") return { kind: "failed", failure: result.failure };
  const { skippedEvents } = result.end;
  return skippedEvents === undefined ? { kind: "answered" } : { kind: "answered", skippedEvents };
}

/** The latest time until which the response's headers report a rate limit as used up. */
function exhaustedUntilMs({ rateLimits = [] }: Attempt, nowMs: number): number | undefined {
  let latestMs = nowMs;
  for (const { remaining, resetAtMs = 0 } of rateLimits) {
    if (remaining <= 0 && resetAtMs > latestMs) latestMs = resetAtMs;
  }
  return latestMs > nowMs ? latestMs : undefined;
}

function speedOf({ firstTokenMs, tookMs, usage }: Attempt): LatencySample | undefined {
  if (firstTokenMs === undefined || usage === undefined) return undefined;
  const seconds = Math.max(1, tookMs - firstTokenMs) / 1000;
  return { firstTokenMs, tokensPerSecond: usage.outputTokens / seconds };
}
