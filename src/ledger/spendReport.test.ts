import { describe, expect, it } from "vitest";
import { createTestLedger, reserveOn, spendOn } from "../../test/support/ledgers/testLedger.ts";
import { readSpendQuery, spendReport } from "./spendReport.ts";

const TODAY = "2026-11-21";

/** A ledger with spend on two days, through two routes, with an open reservation and an attempt of unknown price. */
async function spentLedger() {
  const { clock, open } = createTestLedger();
  const ledger = await open();
  clock.nowMs = new Date(2026, 10, 20, 12).getTime();
  await spendOn(ledger, 30, { ref: "openai/a", route: "Hard" });
  clock.nowMs = new Date(2026, 10, 21, 12).getTime();
  await spendOn(ledger, 20, { ref: "openai/a", route: "All" });
  await spendOn(ledger, 15, { ref: "anthropic/b", route: "All" });
  await spendOn(ledger, 1, { ref: "openai/a" });
  const id = await reserveOn(ledger, { ref: "openai/c", route: "All" });
  await ledger.budget.settle(id, { kind: "unknown" });
  await reserveOn(ledger);
  return ledger;
}

describe("a report of what was spent", () => {
  it.each([
    [
      "day",
      [
        ["2026-11-20", 30, 1],
        [TODAY, 36, 4],
      ],
    ],
    [
      "model",
      [
        ["openai/a", 51, 3],
        ["anthropic/b", 15, 1],
        ["openai/c", 0, 1],
      ],
    ],
    [
      "route",
      [
        ["All", 35, 3],
        ["Hard", 30, 1],
        [null, 1, 1],
      ],
    ],
    [
      "provider",
      [
        ["openai", 51, 4],
        ["anthropic", 15, 1],
      ],
    ],
  ] as const)("sums up by %s", async (by, expected) => {
    const { budget } = await spentLedger();
    const { rows, total } = await spendReport(budget, { by, from: "2026-11-20", to: TODAY }, undefined);
    expect(rows.map(({ name, spentNanoUsd, attempts }) => [name, spentNanoUsd, attempts])).toEqual(expected);
    expect(total).toEqual({ spentUsd: 66e-9, spentNanoUsd: 66, attempts: 5, unknownAttempts: 1 });
  });

  it("contains today and this month, with limits and reservations", async () => {
    const { budget } = await spentLedger();
    const settings = { dailyUsd: 5, monthlyUsd: null, whenExceeded: "free", warnAt: [] } as const;
    const { today, month, rows } = await spendReport(budget, { by: "day", from: TODAY, to: TODAY }, settings);
    expect(today).toEqual({
      period: TODAY,
      ...{ spentUsd: 36e-9, spentNanoUsd: 36, unknownAttempts: 1 },
      ...{ reservedUsd: 100e-9, reservedNanoUsd: 100, limitUsd: 5, limitNanoUsd: 5_000_000_000 },
    });
    expect(month).toMatchObject({ period: "2026-11", spentNanoUsd: 66, limitUsd: null, limitNanoUsd: null });
    expect(rows).toHaveLength(1);
  });
});

describe("the query of a report", () => {
  it("covers 30 days by day, or what it says", () => {
    const none = { by: undefined, since: undefined, days: undefined };
    expect(readSpendQuery(none, TODAY)).toEqual({ by: "day", from: "2026-10-23", to: TODAY });
    expect(readSpendQuery({ ...none, by: "route", days: "1" }, TODAY)).toEqual({
      ...{ by: "route", from: TODAY, to: TODAY },
    });
    expect(readSpendQuery({ ...none, since: "2026-03-01" }, TODAY)).toMatchObject({ from: "2026-03-01" });
  });

  it.each([
    [{ by: "week" }, "by", "must be one of day, model, route, provider"],
    [{ days: "0" }, "days", "must be a number from 1 to 3660"],
    [{ days: "1.5" }, "days", "must be a number"],
    [{ days: "" }, "days", "must be a number"],
    [{ since: "2026-02-30" }, "since", "must be a day such as 2026-11-21"],
    [{ since: "yesterday" }, "since", "must be a day"],
    [{ since: "2026-11-22" }, "since", "must be a day"],
    [{ since: TODAY, days: "3" }, "days", "two ways to say the same"],
  ])("is invalid: %j", (given, field, problem) => {
    const query = readSpendQuery({ by: undefined, since: undefined, days: undefined, ...given }, TODAY);
    expect(query).toEqual({ field, problem: expect.stringContaining(problem) });
  });
});
