import type { Budget, Reservation as Reserved, ReserveRequest } from "../contract/budget.ts";
import type { Clock } from "../contract/clock.ts";
import type { Attributes } from "../contract/decision.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import { affordableOutputTokens } from "../models/price.ts";
import { inputBoundFor, MIN_OUTPUT_TOKENS, maxCostOf } from "../routing/decide/budget.ts";
import type { Settings } from "../settings/schema.ts";
import type { RequestContext } from "./requestContext.ts";
import type { Settlement } from "./settlement.ts";

/** How long a request waits for others to settle before it accepts less, over all models of its chain. */
const RESERVE_WAIT_MS = 3000;

/**
 * What an attempt can cost. Where a price is not known, nothing is reserved: while a budget is set, such a model is
 * skipped beforehand.
 */
type CostBounds = {
  readonly outputTokens: number;
  /** With the whole output limit. */
  readonly maximumNanoUsd: NanoUsd;
  /** With the shortest useful answer. */
  readonly minimumNanoUsd: NanoUsd;
  /** The input alone. */
  readonly inputNanoUsd: NanoUsd;
};

/**
 * Money reserved for one attempt. Disposing it settles the cost that was recorded: nothing, until the call is made. Where
 * the ledger cannot settle, the error is reported and the amount stays reserved: the answer exists all the same.
 */
export class Reservation implements AsyncDisposable {
  readonly id: string;
  /** What is reserved: the most that the attempt can cost. */
  readonly nanoUsd: NanoUsd;
  /** The output limit that the reserved amount pays for. */
  readonly maxOutputTokens: number;
  readonly #context: RequestContext;
  #settlement: Settlement = { cost: { kind: "exact", nanoUsd: 0 } };

  private constructor(context: RequestContext, id: string, nanoUsd: NanoUsd, maxOutputTokens: number) {
    this.#context = context;
    this.id = id;
    this.nanoUsd = nanoUsd;
    this.maxOutputTokens = maxOutputTokens;
  }

  /**
   * Reserves the worst case of an attempt, or as much of it as the budget has; undefined where that is too little for a
   * useful answer, or `signal` was aborted meanwhile. `progress.freeNanoUsd` then says what the budget has.
   */
  static async acquire(
    ref: ModelRef,
    card: ModelCard,
    attributes: Attributes,
    context: RequestContext,
  ): Promise<Reservation | undefined> {
    const { decision, settings, budget, clock, progress, signal, budgetLimits } = context;
    const bounds = costBounds(card, attributes, settings);
    const waitUntilMs = progress.waitForBudgetUntilMs ?? clock.now() + RESERVE_WAIT_MS;
    progress.waitForBudgetUntilMs = waitUntilMs;
    const { outcome } = decision;
    const request: ReserveRequest = {
      ref,
      maximumNanoUsd: bounds.maximumNanoUsd,
      minimumNanoUsd: bounds.minimumNanoUsd,
      inputNanoUsd: bounds.inputNanoUsd,
      limits: budgetLimits,
      soft:
        outcome.kind === "chosen" && outcome.byBudget === "cheapest" && attributes.budgetChoice === undefined,
    };
    const reserved = await reserveOrWait(budget, request, clock, waitUntilMs, signal);
    if (reserved.kind !== "reserved") {
      progress.freeNanoUsd =
        reserved.leftNanoUsd - (reserved.kind === "blocked" ? reserved.reservedNanoUsd : 0);
      return undefined;
    }
    const { id, nanoUsd } = reserved;
    return new Reservation(context, id, nanoUsd, outputLimit(card, attributes, bounds, nanoUsd));
  }

  /** What is settled when the reservation is disposed of. */
  get settlement(): Settlement {
    return this.#settlement;
  }

  /** Records what the attempt cost. */
  charge(settlement: Settlement): void {
    this.#settlement = settlement;
  }

  /** Journals what a running attempt has cost so far: what it is settled at if this process dies. */
  journal(nanoUsd: NanoUsd): Promise<void> {
    return this.#context.budget.progress(this.id, nanoUsd);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { budget, reportError } = this.#context;
    try {
      await budget.settle(this.id, this.#settlement.cost);
    } catch (error) {
      reportError(error);
    }
  }
}

/** The output limit is the least of what is requested, the card's limit and `switchyard.maxOutputTokens`. */
function costBounds(card: ModelCard, attributes: Attributes, settings: Settings): CostBounds {
  const requested = attributes.maxOutputTokens ?? settings.maxOutputTokens;
  const outputTokens = Math.min(requested, card.maxOutputTokens ?? requested);
  const mostCost = (tokens: number) => maxCostOf(card, attributes, tokens) ?? 0;
  return {
    outputTokens,
    maximumNanoUsd: mostCost(outputTokens),
    minimumNanoUsd: mostCost(Math.min(outputTokens, MIN_OUTPUT_TOKENS)),
    inputNanoUsd: mostCost(0),
  };
}

function outputLimit(
  card: ModelCard,
  attributes: Attributes,
  { outputTokens, maximumNanoUsd }: CostBounds,
  reservedNanoUsd: NanoUsd,
): number {
  const input = inputBoundFor(card, attributes);
  if (reservedNanoUsd >= maximumNanoUsd || input === undefined) return outputTokens;
  return Math.min(outputTokens, affordableOutputTokens(card, input, reservedNanoUsd));
}

/**
 * Reserves all of the maximum if it fits, and what is left if the day has less. Where only other requests' reservations
 * are in the way, it waits until `untilMs` for them to settle before it accepts a smaller amount.
 * @internal
 */
export async function reserveOrWait(
  budget: Pick<Budget, "reserve" | "onDidChange">,
  request: ReserveRequest,
  clock: Clock,
  untilMs: number,
  signal: AbortSignal,
): Promise<Reserved> {
  let wantedNanoUsd = request.maximumNanoUsd;
  /** Subscribed before the budget is asked again, so that no change is missed. The first try needs none. */
  let change: Change | undefined;
  try {
    for (;;) {
      const reserved = await budget.reserve({
        ...request,
        maximumNanoUsd: wantedNanoUsd,
        minimumNanoUsd: wantedNanoUsd,
      });
      if (reserved.kind === "reserved" || reserved.leftNanoUsd < request.minimumNanoUsd) return reserved;
      if (reserved.kind === "exceeded") {
        wantedNanoUsd = reserved.leftNanoUsd;
        continue;
      }
      const leftMs = untilMs - clock.now();
      if (leftMs <= 0 || signal.aborted) break;
      if (change !== undefined) await changeOrTimeout(change.promise, clock, leftMs, signal);
      change?.stop();
      change = nextChange(budget);
    }
  } finally {
    change?.stop();
  }
  return budget.reserve({ ...request, maximumNanoUsd: wantedNanoUsd });
}

type Change = { readonly promise: Promise<void>; stop(): void };

function nextChange(budget: Pick<Budget, "onDidChange">): Change {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, stop: budget.onDidChange(resolve) };
}

async function changeOrTimeout(
  change: Promise<void>,
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([change, clock.sleep(ms, AbortSignal.any([signal, done.signal]))]);
  } finally {
    done.abort();
  }
}
