import { daysBefore } from "../base/time/calendar.ts";
import type { Budget, Spend, SpendRow } from "../contract/budget.ts";
import { splitRef } from "../contract/model.ts";
import { NANO_PER_USD, type NanoUsd, nanoUsd } from "../contract/money.ts";
import type { Settings } from "../settings/schema.ts";

/** What spend can be summed up by. */
export const SPEND_GROUPS = ["day", "model", "route", "provider"] as const;
export type SpendGroup = (typeof SPEND_GROUPS)[number];

const DEFAULT_DAYS = 30;
const MAX_DAYS = 3660;

/** The question that a report answers. Days are local, and both are included. */
export type SpendQuery = { readonly by: SpendGroup; readonly from: string; readonly to: string };

/** The parts of a query as the user wrote them. Undefined: the default. */
export type RawSpendQuery = {
  readonly by: string | undefined;
  /** The first day. */
  readonly since: string | undefined;
  /** The number of days up to today. */
  readonly days: string | undefined;
};

/** A part that is invalid; `problem` continues a sentence that begins with its name. */
export type InvalidSpendQuery = { readonly field: keyof RawSpendQuery; readonly problem: string };

/** An amount in dollars, and exactly in billionths of a dollar. Attempts of unknown price are in no amount. */
export type SpentAmount = {
  readonly spentUsd: number;
  readonly spentNanoUsd: NanoUsd;
  readonly unknownAttempts: number;
};

/** A day or a month. The limit is null if there is none, and absent if the settings are not known. */
export type PeriodReport = SpentAmount & {
  /** `2026-11-21` or `2026-11`. */
  readonly period: string;
  readonly reservedUsd: number;
  readonly reservedNanoUsd: NanoUsd;
  readonly limitUsd?: number | null | undefined;
  readonly limitNanoUsd?: NanoUsd | null | undefined;
};

type Sum = SpentAmount & { readonly attempts: number };

/** What was spent. The JSON of `switchyard spend --json` and of `GET /v1/switchyard/spend`. */
export type SpendReport = SpendQuery & {
  readonly today: PeriodReport;
  readonly month: PeriodReport;
  /** Between `from` and `to`. */
  readonly total: Sum;
  /** Days in their order, anything else by what it cost. The name is null for a route that was not recorded. */
  readonly rows: readonly (Sum & { readonly name: string | null })[];
};

/** Reads a query. @param today as `2026-11-21` */
export function readSpendQuery(
  { by = "day", since, days }: RawSpendQuery,
  today: string,
): SpendQuery | InvalidSpendQuery {
  const group = SPEND_GROUPS.find((known) => known === by);
  if (group === undefined) return { field: "by", problem: `must be one of ${SPEND_GROUPS.join(", ")}` };
  if (since === undefined) {
    const count = days === undefined ? DEFAULT_DAYS : /^\d+$/.test(days) ? Number(days) : 0;
    if (count < 1 || count > MAX_DAYS)
      return { field: "days", problem: `must be a number from 1 to ${MAX_DAYS}` };
    return { by: group, from: daysBefore(today, count - 1), to: today };
  }
  if (days !== undefined)
    return { field: "days", problem: "and since are two ways to say the same: give one" };
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(since) && since <= today && daysBefore(since, 0) === since;
  if (!isDay) return { field: "since", problem: `must be a day such as ${today}, and not a later one` };
  return { by: group, from: since, to: today };
}

/** Sums up the ledger. @param settings undefined: the limits are not known */
export async function spendReport(
  budget: Pick<Budget, "today" | "month" | "spentBetween">,
  query: SpendQuery,
  settings: Pick<Settings["budget"], "dailyUsd" | "monthlyUsd"> | undefined,
): Promise<SpendReport> {
  const rows = await budget.spentBetween(query.from, query.to);
  const groups = Map.groupBy(rows, (row) => nameIn(query.by, row));
  const sums = [...groups].map(([name, group]) => ({ name: name === "" ? null : name, ...sumOf(group) }));
  const isByDay = query.by === "day";
  sums.sort((a, b) => (isByDay ? compare(a.name, b.name) : b.spentNanoUsd - a.spentNanoUsd));
  return {
    today: periodReport(await budget.today(), settings?.dailyUsd),
    month: periodReport(await budget.month(), settings?.monthlyUsd),
    ...query,
    total: sumOf(rows),
    rows: sums,
  };
}

function nameIn(by: SpendGroup, { day, ref, route }: SpendRow): string {
  switch (by) {
    case "day":
      return day;
    case "model":
      return ref;
    case "route":
      return route;
    case "provider":
      return splitRef(ref).provider;
  }
}

function sumOf(rows: readonly SpendRow[]): Sum {
  const sum = (count: (row: SpendRow) => number) => rows.reduce((total, row) => total + count(row), 0);
  return {
    ...spentAmount(
      sum((row) => row.nanoUsd),
      sum((row) => row.unknownAttempts ?? 0),
    ),
    attempts: sum((row) => row.attempts),
  };
}

function periodReport(spend: Spend, limitUsd: number | null | undefined): PeriodReport {
  const { period, spentNanoUsd, reservedNanoUsd, unknownAttempts } = spend;
  return {
    period,
    ...spentAmount(spentNanoUsd, unknownAttempts),
    reservedUsd: reservedNanoUsd / NANO_PER_USD,
    reservedNanoUsd,
    limitUsd,
    limitNanoUsd: typeof limitUsd === "number" ? nanoUsd(limitUsd) : limitUsd,
  };
}

function spentAmount(spentNanoUsd: NanoUsd, unknownAttempts: number): SpentAmount {
  return { spentUsd: spentNanoUsd / NANO_PER_USD, spentNanoUsd, unknownAttempts };
}

function compare(a: string | null, b: string | null): number {
  return (a ?? "") < (b ?? "") ? -1 : 1;
}
