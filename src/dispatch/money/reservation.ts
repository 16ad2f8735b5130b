import type { Clock } from "../../base/time/clock.ts";
import {
  type Budget,
  limitsOn,
  type Reservation as Reserved,
  type ReserveRequest,
} from "../../contract/budget.ts";
import { type Attributes, routeName } from "../../contract/decision.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import { affordableOutputTokens } from "../../models/price.ts";
import { inputBoundFor, maxCostOf, minOutputTokens, outputLimitOf } from "../../routing/decide/budget.ts";
import type { Settings } from "../../settings/schema.ts";
import type { RequestContext } from "../requestContext.ts";
import type { Settlement } from "./settlement.ts";

/** How long a request waits for others to settle before it accepts less, over all models of its chain. */
const RESERVE_WAIT_MS = 3000;

/** What an attempt can cost. */
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
 * Money reserved for one attempt. Disposing it settles the recorded cost, which is zero until the call is made. If the
 * ledger cannot settle it, the error is reported and the amount stays reserved, but the answer does not fail.
 */
export class Reservation implements AsyncDisposable {
  readonly id: string;
  /** What is reserved: the most that the attempt can cost. */
  readonly nanoUsd: NanoUsd;
  /** The output limit that the reserved amount pays for. */
  readonly maxOutputTokens: number;
  /** True if what is left of the budget lowered the output limit. */
  readonly isLimitedByBudget: boolean;
  readonly #context: RequestContext;
  #settlement: Settlement = { cost: { kind: "exact", nanoUsd: 0 } };
  #isPostponed = false;

  private constructor(
    context: RequestContext,
    id: string,
    nanoUsd: NanoUsd,
    maxOutputTokens: number,
    isLimitedByBudget: boolean,
  ) {
    this.#context = context;
    this.id = id;
    this.nanoUsd = nanoUsd;
    this.maxOutputTokens = maxOutputTokens;
    this.isLimitedByBudget = isLimitedByBudget;
  }

  /**
   * Reserves the maximum cost of an attempt, or what is left of the budget. Returns undefined and sets
   * `progress.shortage` if that is too little for a useful answer, or if `signal` was aborted meanwhile. Returns
   * undefined too if the cost has no known upper bound and a budget is set.
   */
  static async acquire(
    ref: ModelRef,
    card: ModelCard,
    attributes: Attributes,
    context: RequestContext,
  ): Promise<Reservation | undefined> {
    const { decision, settings, budget, clock, progress, signal, budgetLimits } = context;
    const spender = { ref, conversation: attributes.conversation };
    const isLimited = limitsOn(budgetLimits, spender).length > 0;
    const bounds = costBounds(card, attributes, settings, isLimited);
    if (bounds === undefined) return undefined;
    const waitUntilMs = progress.waitForBudgetUntilMs ?? clock.now() + RESERVE_WAIT_MS;
    progress.waitForBudgetUntilMs = waitUntilMs;
    const { outcome } = decision;
    const request: ReserveRequest = {
      ...spender,
      route: routeName(decision.route),
      maximumNanoUsd: bounds.maximumNanoUsd,
      minimumNanoUsd: bounds.minimumNanoUsd,
      inputNanoUsd: bounds.inputNanoUsd,
      limits: budgetLimits,
      soft:
        outcome.kind === "chosen" && outcome.byBudget === "cheapest" && attributes.budgetChoice === undefined,
    };
    const reserved = await reserveOrWait(budget, request, clock, waitUntilMs, signal);
    if (reserved.kind !== "reserved") {
      const { leftNanoUsd, limit, overrunFactor } = reserved;
      const reservedNanoUsd = reserved.kind === "blocked" ? reserved.reservedNanoUsd : 0;
      progress.notCalled.set(ref, {
        ref,
        reason: "over-budget",
        worstCaseNanoUsd: Math.ceil(bounds.minimumNanoUsd * overrunFactor),
        leftNanoUsd,
        reservedNanoUsd: reservedNanoUsd === 0 ? undefined : reservedNanoUsd,
        limit,
      });
      progress.shortage = { limit, leftNanoUsd, reservedNanoUsd };
      return undefined;
    }
    const { id, nanoUsd } = reserved;
    const limit = outputLimit(card, attributes, bounds, nanoUsd);
    return new Reservation(context, id, nanoUsd, limit, limit < bounds.outputTokens);
  }

  /** What disposing the reservation settles. */
  get settlement(): Settlement {
    return this.#settlement;
  }

  /** Records what the attempt cost. */
  charge(settlement: Settlement): void {
    this.#settlement = settlement;
  }

  /** Journals what a running attempt has cost so far. If this process dies, that amount is settled. */
  journal(nanoUsd: NanoUsd): Promise<void> {
    return this.#context.budget.progress(this.id, nanoUsd);
  }

  /** Settles after the end of the answer, instead of when this is disposed of. */
  settleAfterAnswer(): void {
    this.#isPostponed = true;
    this.#context.progress.afterAnswer.push(() => this.#settle());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isPostponed) await this.#settle();
  }

  async #settle(): Promise<void> {
    const { budget, reportError } = this.#context;
    try {
      await budget.settle(this.id, this.#settlement.cost, this.#settlement.answeredBy);
    } catch (error) {
      reportError(error);
    }
  }
}

/** Undefined if a cost has no known upper bound and a budget is set. Without a budget, nothing is reserved then. */
function costBounds(
  card: ModelCard,
  attributes: Attributes,
  settings: Settings,
  isLimited: boolean,
): CostBounds | undefined {
  const outputTokens = outputLimitOf(card, attributes, settings);
  const inputNanoUsd = maxCostOf(card, attributes, 0);
  if (inputNanoUsd === undefined && isLimited) return undefined;
  const maxCost = (tokens: number) => maxCostOf(card, attributes, tokens) ?? 0;
  return {
    outputTokens,
    maximumNanoUsd: maxCost(outputTokens),
    minimumNanoUsd: maxCost(minOutputTokens(card, attributes, settings)),
    inputNanoUsd: inputNanoUsd ?? 0,
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
 * Reserves the maximum if it fits, else what is left of the limit. If only other requests' reservations leave no room, it
 * waits until `untilMs` for them to settle before it accepts a smaller amount.
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
  /** Subscribed before the next try, so that no change is missed. The first try needs none. */
  let change: Change | undefined;
  try {
    for (;;) {
      const reserved = await budget.reserve({
        ...request,
        maximumNanoUsd: wantedNanoUsd,
        minimumNanoUsd: wantedNanoUsd,
      });
      if (reserved.kind === "reserved" || reserved.usableNanoUsd < request.minimumNanoUsd) return reserved;
      if (reserved.kind === "exceeded") {
        wantedNanoUsd = reserved.usableNanoUsd;
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
