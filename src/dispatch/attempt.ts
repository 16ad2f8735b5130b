import type { AnswerEvent, Attempt } from "../contract/answer.ts";
import type { Ask } from "../contract/ask.ts";
import type { Budget, Settlement } from "../contract/budget.ts";
import type { Clock } from "../contract/clock.ts";
import { Failure, type FailureRecord } from "../contract/failure.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import type { NanoUsd, Usage } from "../contract/money.ts";
import type { FinishReason, Provider, RateLimit } from "../contract/provider.ts";
import { estimateTokens } from "../models/tokens.ts";
import { charge, estimatedUsage } from "./charge.ts";
import { alwaysReasons } from "./limits.ts";
import { consequenceOf } from "./policy.ts";

/** How often a running attempt writes down what it has cost so far. */
const JOURNAL_EVERY_MS = 2000;

/** English prose and code have about this many characters a token: enough for the journal, which errs high. */
const CHARACTERS_PER_TOKEN = 3;

/** How an attempt ended. */
export type AttemptEnd = {
  readonly attempt: Attempt;
  /** Writes down what a whole answer cost; of any other it is written down already. */
  readonly settle?: () => Promise<void>;
  /** What has reached the consumer, beside reasoning: after it nobody is asked as if nothing were. */
  readonly shown: "nothing" | "text" | "tool call";
  /** The text that has, in pieces. */
  readonly texts: readonly string[];
  /** Anything has reached the consumer, reasoning included. */
  readonly passedOn: boolean;
  readonly finish?: FinishReason;
};

export type AttemptRequest = {
  readonly ref: ModelRef;
  readonly card: ModelCard;
  readonly provider: Provider;
  readonly ask: Ask;
  readonly reservationId: string;
  /** What was held: the most that it can cost. */
  readonly heldNanoUsd: NanoUsd;
  /** Told at the first content: whoever waits for a sign of life has it. */
  readonly onAlive: () => Promise<void>;
  /** Estimated, for the case that the provider does not tell: worked out when it is needed. */
  readonly inputTokens: () => number;
  /** When the whole request began. */
  readonly requestStartedMs: number;
};

/**
 * Asks one model once. What it cost is settled however it ends, also when the consumer stops reading; of a whole answer it
 * is left to the caller, who has told it by then. Content is passed on as it comes; whether the answer is complete is in
 * the returned `finish`.
 */
export async function* runAttempt(
  request: AttemptRequest,
  budget: Budget,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, AttemptEnd> {
  const { ref, card, provider, ask, reservationId, heldNanoUsd, inputTokens, requestStartedMs, onAlive } =
    request;
  const startedMs = clock.now();
  const written: string[] = [];
  const texts: string[] = [];
  let characters = 0;
  /** Of tool calls that are not whole: nobody sees them, and they are paid for all the same. */
  let unseen = 0;
  let calledTool = false;
  let reasoned = false;
  let firstTokenMs: number | undefined;
  let usage: Usage | undefined;
  let finish: FinishReason | undefined;
  let rateLimits: readonly RateLimit[] | undefined;
  let journalledMs = startedMs;
  let failure: FailureRecord | undefined;
  let settlement: Settlement;
  let isWhole = false;

  const charged = (): Settlement => {
    const kind = usage === undefined ? "estimated" : "exact";
    const nothingCharged =
      failure !== undefined &&
      usage === undefined &&
      characters + unseen === 0 &&
      (failure.notSent === true || !consequenceOf(failure).mayBeCharged);
    usage ??= estimatedUsage(
      card,
      inputTokens(),
      estimateTokens(written.join("")) + unseen / CHARACTERS_PER_TOKEN,
    );
    if (nothingCharged) return { cost: { kind: "exact", nanoUsd: 0 } };
    const cost = charge(card, usage, kind);
    // Reasoning that is not shown is paid for all the same, and cannot be counted here.
    if (kind === "estimated" && cost.kind === "estimated" && !reasoned && alwaysReasons(card)) {
      return { cost: { kind: "estimated", nanoUsd: Math.max(cost.nanoUsd, heldNanoUsd) }, usage };
    }
    return { cost, usage };
  };

  const journal = (): Promise<void> | undefined => {
    const now = clock.now();
    if (now - journalledMs < JOURNAL_EVERY_MS) return undefined;
    journalledMs = now;
    const tokens = (characters + unseen) / CHARACTERS_PER_TOKEN;
    const soFar = charge(card, estimatedUsage(card, inputTokens(), tokens), "estimated");
    return soFar.kind === "unknown" ? undefined : budget.progress(reservationId, soFar.nanoUsd);
  };

  try {
    for await (const event of provider.ask(ask, signal)) {
      switch (event.type) {
        case "headers":
          rateLimits = event.rateLimits;
          break;
        case "usage":
          usage = event.usage;
          break;
        case "end":
          finish = event.reason;
          break;
        case "unseen":
          unseen += event.characters;
          await journal();
          break;
        case "text":
        case "reasoning":
        case "toolCall": {
          const text = event.type === "toolCall" ? event.argumentsJson : event.text;
          if (firstTokenMs === undefined) {
            firstTokenMs = clock.now() - startedMs;
            await onAlive();
          }
          reasoned ||= event.type === "reasoning";
          written.push(text);
          if (event.type === "text") texts.push(text);
          calledTool ||= event.type === "toolCall";
          characters += text.length;
          if (event.type === "toolCall") unseen = Math.max(0, unseen - text.length);
          const journalled = journal();
          if (journalled !== undefined) await journalled;
          yield event.type === "reasoning" ? { ...event, provider: provider.id } : event;
        }
      }
    }
    isWhole = finish !== undefined;
    if (!isWhole)
      failure = { kind: "cut", provider: provider.id, message: "The answer ended without a finish reason." };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failure = error.record;
  } finally {
    settlement = charged();
    if (!isWhole) await budget.settle(reservationId, settlement);
  }
  const { cost } = settlement;
  const nothingKnown =
    failure !== undefined && characters + unseen === 0 && cost.kind === "exact" && cost.nanoUsd === 0;
  const attempt: Attempt = {
    ref,
    startedMs: startedMs - requestStartedMs,
    tookMs: clock.now() - startedMs,
    cost,
    outcome: failure === undefined ? { kind: "answered" } : { kind: "failed", failure },
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
    ...(usage === undefined || nothingKnown ? {} : { usage }),
    ...(rateLimits === undefined ? {} : { rateLimits }),
  };
  const shown = calledTool ? "tool call" : texts.length > 0 ? "text" : "nothing";
  return {
    attempt,
    shown,
    texts,
    passedOn: characters > 0,
    ...(isWhole ? { settle: () => budget.settle(reservationId, settlement) } : {}),
    ...(finish === undefined ? {} : { finish }),
  };
}
