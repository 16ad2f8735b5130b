import type { AnswerSink, Attempt } from "../contract/answer.ts";
import { Failure, type FailureRecord } from "../contract/failure.ts";
import { type Message, textOf } from "../contract/message.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import type { Usage } from "../contract/money.ts";
import type { ProviderEnd, ProviderEvent, ProviderSink, RateLimit } from "../contract/provider/provider.ts";
import { estimateTokens, inputBound } from "../models/tokens.ts";
import { imageBoundFor } from "../routing/decide/budget.ts";
import { hasPrice } from "../routing/decide/eligibility.ts";
import { otherModelOf } from "./money/otherModel.ts";
import type { Reservation } from "./money/reservation.ts";
import { costSoFar, settlementOf } from "./money/settlement.ts";
import type { Permit } from "./permit.ts";
import type { RequestContext } from "./requestContext.ts";

/** How often a running attempt journals what it has cost so far. */
const JOURNAL_EVERY_MS = 2000;

/** Tools and a client's own fields are JSON, which has at least two bytes a token. */
const BYTES_PER_JSON_TOKEN = 2;

/** The result of one call. */
export type CallResult =
  | { readonly kind: "answered"; readonly end: ProviderEnd }
  | { readonly kind: "failed"; readonly failure: FailureRecord };

/**
 * Receives the answer of one call: relays its pieces, counts and journals what they cost, and charges the reservation when
 * the call ends, whether it succeeds or fails.
 */
export class ReceivingSink implements ProviderSink {
  readonly #target: AnswerSink;
  readonly #card: ModelCard;
  readonly #permit: Permit;
  readonly #reservation: Reservation;
  readonly #context: RequestContext;
  readonly #appended: readonly Message[];
  readonly #startedMs: number;
  readonly #pieces: string[] = [];
  #characters = 0;
  #incompleteCallCharacters = 0;
  #hasReasoned = false;
  #firstTokenMs: number | undefined;
  #usage: Usage | undefined;
  #answeredBy: ModelRef | undefined;
  #rateLimits: readonly RateLimit[] | undefined;
  #journalledMs: number;
  #pending: Promise<void> | undefined;

  constructor(
    target: AnswerSink,
    card: ModelCard,
    permit: Permit,
    reservation: Reservation,
    context: RequestContext,
    appended: readonly Message[] = [],
  ) {
    this.#target = target;
    this.#card = card;
    this.#permit = permit;
    this.#reservation = reservation;
    this.#context = context;
    this.#appended = appended;
    this.#startedMs = context.clock.now();
    this.#journalledMs = this.#startedMs;
  }

  started(rateLimits: readonly RateLimit[]): void {
    this.#rateLimits = rateLimits;
  }

  push(event: ProviderEvent): void {
    if (this.#firstTokenMs === undefined) {
      this.#firstTokenMs = this.#context.clock.now() - this.#startedMs;
      this.#pending = this.#reported(this.#permit.alive());
    }
    if (event.type === "toolCall") {
      this.#count(event.argumentsJson);
      this.#incompleteCallCharacters = Math.max(
        0,
        this.#incompleteCallCharacters - event.argumentsJson.length,
      );
    } else if (event.type === "wireFields") {
      const { refusal } = event.message;
      if (typeof refusal === "string") this.#count(refusal);
    } else {
      this.#count(event.text);
      if (event.type === "reasoning") this.#hasReasoned = true;
    }
    this.#target.push(event);
  }

  toolCallProgress(characters: number): void {
    this.#incompleteCallCharacters += characters;
  }

  model(name: string): void {
    const answeredBy = otherModelOf(name, this.#card);
    if (answeredBy === this.#answeredBy) return;
    this.#answeredBy = answeredBy;
    this.#context.output.push({ type: "answeredBy", ref: answeredBy ?? this.#card.ref });
  }

  usage(usage: Usage): void {
    const { unboundedCost } = this.#context.decision.attributes;
    // A field of the request may have changed the prices, or added a fee.
    if (unboundedCost?.kind === "field") this.#usage = uncertain(usage);
    // No audio was sent or asked for. An unknown cost would count as nothing in the budget.
    else if (unboundedCost === undefined && usage.audioTokens !== undefined) {
      this.#usage = { ...uncertain(usage), audioTokens: undefined };
    } else this.#usage = usage;
  }

  drained(): Promise<void> | undefined {
    const journalled = this.#journal();
    const pending = this.#pending;
    this.#pending = undefined;
    const room = this.#target.drained();
    if (journalled === undefined && pending === undefined) return room;
    return Promise.all([journalled, pending, room]).then(() => undefined);
  }

  /** True if anything was relayed, including reasoning. */
  get hasPushed(): boolean {
    return this.#characters > 0;
  }

  /** Waits for the call's end and charges the reservation. @throws errors other than Failure */
  async resultOf(answering: Promise<ProviderEnd>): Promise<CallResult> {
    let failure: FailureRecord | undefined;
    try {
      return { kind: "answered", end: await answering };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = error.record;
      return { kind: "failed", failure };
    } finally {
      this.#charge(failure);
    }
  }

  /** The record of the attempt. Times count from the start of the request. */
  record(outcome: Attempt["outcome"], resumeMethod: Attempt["resumeMethod"]): Attempt {
    const { clock, progress } = this.#context;
    const { cost, usage } = this.#reservation.settlement;
    const isFree = cost.kind === "exact" && cost.nanoUsd === 0;
    const isUnused = outcome.kind !== "answered" && this.#received === 0 && isFree;
    return {
      ref: this.#card.ref,
      answeredBy: this.#answeredBy,
      startedMs: this.#startedMs - progress.startedMs,
      tookMs: clock.now() - this.#startedMs,
      firstTokenMs: this.#firstTokenMs,
      cost,
      usage: isUnused ? undefined : usage,
      rateLimits: this.#rateLimits,
      resumeMethod,
      outcome,
    };
  }

  get #received(): number {
    return this.#characters + this.#incompleteCallCharacters;
  }

  #count(piece: string): void {
    this.#pieces.push(piece);
    this.#characters += piece.length;
  }

  #journal(): Promise<void> | undefined {
    const nowMs = this.#context.clock.now();
    if (nowMs - this.#journalledMs < JOURNAL_EVERY_MS) return undefined;
    this.#journalledMs = nowMs;
    const nanoUsd = costSoFar(this.#card, this.#inputTokens(), this.#received);
    return nanoUsd === undefined ? undefined : this.#reported(this.#reservation.journal(nanoUsd));
  }

  /** Reports an error of the ledger instead of rejecting, so that the answer does not fail. */
  #reported(storing: Promise<void> | undefined): Promise<void> | undefined {
    return storing?.catch(this.#context.reportError);
  }

  #charge(failure: FailureRecord | undefined): void {
    const answeredBy = this.#answeredBy;
    const answering = answeredBy === undefined ? this.#card : this.#context.cardOf(answeredBy);
    const isPriced = hasPrice(answering);
    const usage = this.#usage;
    this.#reservation.charge({
      ...settlementOf(
        isPriced ? answering : this.#card,
        {
          usage: usage === undefined || isPriced ? usage : uncertain(usage),
          failure,
          sentTokens: this.#context.decision.expectedInputTokens,
          characters: this.#characters,
          incompleteCallCharacters: this.#incompleteCallCharacters,
          hasReasoned: this.#hasReasoned,
        },
        () => this.#inputTokens(),
        () => estimateTokens(this.#pieces.join("")),
        this.#reservation.nanoUsd,
      ),
      answeredBy,
    });
  }

  /** An estimate of what was sent: the conversation with its images, tools and other fields, and a partial answer. */
  #inputTokens(): number {
    const { decision, content } = this.#context;
    const { attributes } = decision;
    const otherBytes = Math.max(0, attributes.inputBoundTokens - inputBound(content.messages));
    const appendedTokens = this.#appended.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0);
    return (
      decision.expectedInputTokens +
      otherBytes / BYTES_PER_JSON_TOKEN +
      (imageBoundFor(this.#card, attributes) ?? 0) +
      appendedTokens
    );
  }
}

/** A usage whose cost the card's prices do not determine, unless the provider bills an amount itself. */
function uncertain(usage: Usage): Usage {
  return usage.billedUsd === undefined ? { ...usage, isUncertain: true } : usage;
}
