import { localDay } from "../base/time/calendar.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { readSpendQuery, type SpendReport, spendReport } from "../ledger/spendReport.ts";
import type { Settings } from "../settings/schema.ts";
import { badRequest } from "./httpError.ts";

export type SpendDeps = {
  readonly settings: () => Settings;
  readonly ledger: () => Promise<Pick<Ledger, "budget">>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** The response of `GET /v1/switchyard/spend`. @throws HttpError that names the invalid part of the query */
export async function spendAnswer(query: URLSearchParams, deps: SpendDeps): Promise<SpendReport> {
  const part = (name: string) => query.get(name) ?? undefined;
  const raw = { by: part("by"), since: part("since"), days: part("days") };
  const read = readSpendQuery(raw, localDay(deps.now()));
  if ("problem" in read) throw badRequest(`${read.field} ${read.problem}.`, read.field);
  const { budget } = await deps.ledger();
  return await spendReport(budget, read, deps.settings().budget);
}
