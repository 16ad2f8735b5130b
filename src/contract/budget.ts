import { type ModelRef, splitRef } from "./model.ts";
import type { Cost, NanoUsd } from "./money.ts";

/** Spending limits. A limit that is undefined does not apply. */
export type BudgetLimits = {
  readonly dailyNanoUsd?: NanoUsd | undefined;
  readonly monthlyNanoUsd?: NanoUsd | undefined;
  /** Of each conversation, in all its days. */
  readonly conversationNanoUsd?: NanoUsd | undefined;
  /** Of a day. */
  readonly modelNanoUsd?: ReadonlyMap<ModelRef, NanoUsd> | undefined;
  /** Of a day, by the provider's id. */
  readonly providerNanoUsd?: ReadonlyMap<string, NanoUsd> | undefined;
};

/** What a limit of the budget counts: all models, a conversation, or one model or provider for a day. */
export type BudgetScope =
  | { readonly kind: "day" | "month" }
  | { readonly kind: "conversation"; readonly id: string }
  | { readonly kind: "model"; readonly ref: ModelRef }
  | { readonly kind: "provider"; readonly id: string };

/** A limit of the budget, and what it counts. */
export type BudgetLimit = { readonly scope: BudgetScope; readonly nanoUsd: NanoUsd };

/** What spend belongs to. */
export type Spender = {
  readonly ref: ModelRef;
  /** The id of the conversation; undefined outside of one. */
  readonly conversation?: string | undefined;
};

/** All limits that a request may meet. @param conversation its id; undefined outside of one */
export function limitsIn(limits: BudgetLimits, conversation: string | undefined): readonly BudgetLimit[] {
  const { dailyNanoUsd, monthlyNanoUsd, conversationNanoUsd, modelNanoUsd, providerNanoUsd } = limits;
  const found: BudgetLimit[] = [];
  if (dailyNanoUsd !== undefined) found.push({ scope: { kind: "day" }, nanoUsd: dailyNanoUsd });
  if (monthlyNanoUsd !== undefined) found.push({ scope: { kind: "month" }, nanoUsd: monthlyNanoUsd });
  if (conversationNanoUsd !== undefined && conversation !== undefined) {
    found.push({ scope: { kind: "conversation", id: conversation }, nanoUsd: conversationNanoUsd });
  }
  for (const [ref, nanoUsd] of modelNanoUsd ?? []) found.push({ scope: { kind: "model", ref }, nanoUsd });
  for (const [id, nanoUsd] of providerNanoUsd ?? []) found.push({ scope: { kind: "provider", id }, nanoUsd });
  return found;
}

/** The limits that apply to a call. */
export function limitsOn(limits: BudgetLimits, call: Spender): readonly BudgetLimit[] {
  return limitsIn(limits, call.conversation).filter(({ scope }) => counts(scope, call));
}

/** Whether two limits count the same. */
export function isSameScope(one: BudgetScope, other: BudgetScope): boolean {
  return one.kind === other.kind && subjectOf(one) === subjectOf(other);
}

/** The conversation, model or provider that a limit is for. */
function subjectOf(scope: BudgetScope): string | undefined {
  switch (scope.kind) {
    case "day":
    case "month":
      return undefined;
    case "model":
      return scope.ref;
    case "conversation":
    case "provider":
      return scope.id;
  }
}

/** Whether a limit counts a call. */
export function counts(scope: BudgetScope, { ref, conversation }: Spender): boolean {
  switch (scope.kind) {
    case "day":
    case "month":
      return true;
    case "conversation":
      return scope.id === conversation;
    case "model":
      return scope.ref === ref;
    case "provider":
      return scope.id === splitRef(ref).provider;
  }
}

export type ReserveRequest = Spender & {
  /** The name of the route that chose the model. */
  readonly route?: string | undefined;
  /** The most that the attempt can cost. Reserved in full if it fits. */
  readonly maximumNanoUsd: NanoUsd;
  /** The smallest useful amount. If the maximum does not fit, what is left is reserved, down to this amount. */
  readonly minimumNanoUsd: NanoUsd;
  readonly limits: BudgetLimits;
  /**
   * What the request costs once it is sent, before any output. If the process dies, the reservation is settled at this
   * amount, or at the last amount reported through `progress`.
   */
  readonly inputNanoUsd?: NanoUsd | undefined;
  /** With `whenExceeded: cheapest`: the amount is reserved and counted even if it exceeds the limits. */
  readonly soft: boolean;
};

export type Reservation =
  /**
   * `nanoUsd` is between the requested minimum and maximum: the amount that the attempt's limits may be derived from.
   * The ledger reserves more than that for a model that has exceeded its output limit before.
   */
  | { readonly kind: "reserved"; readonly id: string; readonly nanoUsd: NanoUsd }
  /** Other reservations, of `reservedNanoUsd`, leave no room: it may become free when they settle. */
  | (Refused & { readonly kind: "blocked"; readonly reservedNanoUsd: NanoUsd })
  /** The limit is spent: settling other reservations cannot make room. */
  | (Refused & { readonly kind: "exceeded" });

type Refused = {
  /** The limit that leaves the least. */
  readonly limit: BudgetScope;
  /** That limit minus what is spent. */
  readonly leftNanoUsd: NanoUsd;
  /** How much more is reserved than the request asks for, because the model has exceeded its output limit: 1 or more. */
  readonly overrunFactor: number;
  /** The most that a reservation for this model can be good for, once other reservations have settled. */
  readonly usableNanoUsd: NanoUsd;
};

/** What was spent on one model. */
export type ModelSpend = {
  readonly ref: ModelRef;
  readonly nanoUsd: NanoUsd;
  readonly attempts: number;
  /** Attempts of unknown price, which are counted in `attempts` but in no sum. Undefined if there are none. */
  readonly unknownAttempts?: number | undefined;
};

/** What was spent on one day, on one model, through one route. */
export type SpendRow = ModelSpend & {
  /** `2026-11-21`, in local time. */
  readonly day: string;
  /** Empty: unknown. */
  readonly route: string;
};

/**
 * A model that returned more output than the limit it was sent: `factor` times as much is reserved for it. What exceeds 1
 * of it halves with each answer within its limit and with each day.
 */
export type Overrun = { readonly ref: ModelRef; readonly factor: number };

/** What was spent in one day or month, over all windows and products of the operating-system user. */
export type Spend = {
  /** `2026-11-21` or `2026-11`, in local time. */
  readonly period: string;
  readonly spentNanoUsd: NanoUsd;
  readonly reservedNanoUsd: NanoUsd;
  /** Attempts of unknown price, which are not included in the sums. */
  readonly unknownAttempts: number;
  /** The most expensive first. */
  readonly byModel: readonly ModelSpend[];
  /** Overruns of the period; undefined if every provider kept to its limits. */
  readonly overruns?: readonly Overrun[] | undefined;
};

/** Reservations and spend, shared by all processes of the operating-system user. */
export type Budget = {
  /** Reserves money for an attempt. Checking the limits and reserving are one transaction. */
  reserve(request: ReserveRequest): Promise<Reservation>;
  /** Records what a running attempt has cost so far: the reservation is settled at this amount if its process dies. */
  progress(id: string, nanoUsd: NanoUsd): Promise<void>;
  /**
   * Replaces a reservation by the attempt's cost. Idempotent by id; a later exact cost replaces an estimate. Estimates
   * should err on the high side, because the difference to the reservation becomes free at once.
   * @param answeredBy the model to record, if it is not the one of the reservation. The limits of both count the cost
   */
  settle(id: string, cost: Cost, answeredBy?: ModelRef): Promise<void>;
  /** The models for which more is reserved than an attempt may cost, with the factors. */
  overrunFactors(): Promise<ReadonlyMap<ModelRef, number>>;
  /** What a limit counts so far: the one figure that every decision needs. */
  spent(scope: BudgetScope): Promise<NanoUsd>;
  today(): Promise<Spend>;
  month(): Promise<Spend>;
  /** What was spent from one day to another, both included, e.g. `2026-11-21`. */
  spentBetween(firstDay: string, lastDay: string): Promise<readonly SpendRow[]>;
  /** Calls the listener after any process has reserved or spent something. Returns a function that stops listening. */
  onDidChange(listener: () => void): () => void;
};
