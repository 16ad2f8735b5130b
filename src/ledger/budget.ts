import type { ModelRef } from "../contract/model.ts";
import type { Cost, NanoUsd, Usage } from "../contract/money.ts";

/** What may be spent. Left out: no limit. */
export type BudgetLimits = { readonly dailyNanoUsd?: NanoUsd; readonly monthlyNanoUsd?: NanoUsd };

export type ReserveRequest = {
  readonly decisionId: string;
  readonly ref: ModelRef;
  /** The route's name, for the sums by route. */
  readonly route: string;
  /** What the attempt may cost at most; the whole of it is held if it fits. */
  readonly maximumNanoUsd: NanoUsd;
  /** The least that still makes sense; between the two, what is left is held. */
  readonly minimumNanoUsd: NanoUsd;
  readonly limits: BudgetLimits;
  /** What the request costs once it is sent, before any answer: what an orphan is settled at until `progress` says more. */
  readonly inputNanoUsd?: NanoUsd;
  /** With `whenExceeded: cheapest` the limits are passed: held and counted, never refused. */
  readonly soft: boolean;
};

export type Reservation =
  /**
   * `nanoUsd` is at least `needNanoUsd` and at most `wantNanoUsd`: what the attempt's limits may be set for. More than
   * that is held where the model has overrun its limits before.
   */
  | { readonly kind: "reserved"; readonly id: string; readonly nanoUsd: NanoUsd }
  /** Only what others hold is in the way: it may come free when they settle. */
  | { readonly kind: "blocked"; readonly leftNanoUsd: NanoUsd; readonly reservedNanoUsd: NanoUsd }
  /** Spent: nothing that settles can make room. */
  | { readonly kind: "exceeded"; readonly leftNanoUsd: NanoUsd };

export type Settlement = {
  readonly cost: Cost;
  readonly usage?: Usage;
};

export type SpendOf = {
  readonly name: string;
  readonly nanoUsd: NanoUsd;
  readonly attempts: number;
  /** Of them those whose price is not known, which are in no sum; left out where there are none. */
  readonly unknownAttempts?: number;
};

/** A model that took more than the output limit that it was sent allows; `factor` times as much is held for it since. */
export type Overrun = { readonly ref: ModelRef; readonly factor: number };

/** What was spent in a day or a month, over all windows and products of the operating-system user. */
export type Spend = {
  /** `2026-11-21` or `2026-11`, in local time. */
  readonly period: string;
  readonly spentNanoUsd: NanoUsd;
  readonly reservedNanoUsd: NanoUsd;
  /** Attempts whose price is not known: they are in no sum. */
  readonly unknownAttempts: number;
  readonly byModel: readonly SpendOf[];
  readonly byRoute: readonly SpendOf[];
  readonly byProvider: readonly SpendOf[];
  /** Of the period; left out where every provider kept to its limits. */
  readonly overruns?: readonly Overrun[];
};

/** Money, remembered. One truth for all processes of the user. */
export type Budget = {
  /** Holds money for an attempt, at once or not at all: the check and the hold are one transaction. */
  reserve(request: ReserveRequest): Promise<Reservation>;
  /** Writes down what a running attempt has cost so far: what an orphan is settled at. */
  progress(id: string, nanoUsd: NanoUsd): Promise<void>;
  /**
   * Replaces the hold by what it cost. Idempotent by id; a later exact cost replaces an estimate. An estimate should err
   * high: what it frees others may reserve at once.
   */
  settle(id: string, settlement: Settlement): Promise<void>;
  /** What was spent today or this month: `spentNanoUsd` alone, which every decision asks for. */
  spent(period: "day" | "month"): Promise<NanoUsd>;
  today(): Promise<Spend>;
  month(): Promise<Spend>;
  /** Told when any process has spent or held something. Returns how to stop listening. */
  onDidChange(listener: () => void): () => void;
};
