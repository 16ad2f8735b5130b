import { describe, expect, it, vi } from "vitest";
import {
  createTestLedger,
  reserveOn,
  reserveRequest,
  spendOn,
} from "../../../../test/support/ledgers/testLedger.ts";

describe("the sums of a day and a month", () => {
  it("start at zero at local midnight", async () => {
    const { clock, open } = createTestLedger();
    const ledger = await open();
    clock.nowMs = new Date(2026, 10, 21, 23, 59, 59, 999).getTime();
    await spendOn(ledger, 1_000);
    expect(await ledger.budget.reserve(reserveRequest())).toMatchObject({ kind: "exceeded" });
    clock.nowMs += 1;
    expect(await ledger.budget.today()).toMatchObject({ period: "2026-11-22", spentNanoUsd: 0 });
    expect(await ledger.budget.reserve(reserveRequest())).toMatchObject({ kind: "reserved" });
    expect(await ledger.budget.month()).toMatchObject({
      period: "2026-11",
      spentNanoUsd: 1_000,
      reservedNanoUsd: 100,
    });
  });

  it("can be read without their parts", async () => {
    const { clock, open } = createTestLedger();
    const ledger = await open();
    await spendOn(ledger, 700);
    clock.nowMs = new Date(2026, 10, 22, 12).getTime();
    await spendOn(await open(), 20);
    await reserveOn(ledger);
    expect(await ledger.budget.spent({ kind: "day" })).toBe(20);
    expect(await ledger.budget.spent({ kind: "month" })).toBe(720);
  });

  it("contain an attempt on the day of its reservation, so that no day exceeds its own budget", async () => {
    const { clock, open } = createTestLedger();
    const ledger = await open();
    clock.nowMs = new Date(2026, 10, 21, 23, 59).getTime();
    const id = await reserveOn(ledger, { maximumNanoUsd: 1_000 });
    clock.nowMs = new Date(2026, 10, 22, 0, 1).getTime();
    await spendOn(ledger, 1_000);
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 900 });
    expect((await ledger.budget.today()).spentNanoUsd).toBe(1_000);
    expect((await ledger.budget.month()).spentNanoUsd).toBe(1_900);
  });

  it("list the models, the most expensive first", async () => {
    const ledger = await createTestLedger().open();
    await spendOn(ledger, 10, { ref: "openai/a" });
    await spendOn(ledger, 20, { ref: "openai/b" });
    await spendOn(ledger, 25, { ref: "anthropic/c" });
    expect(await ledger.budget.today()).toEqual({
      period: "2026-11-21",
      spentNanoUsd: 55,
      reservedNanoUsd: 0,
      unknownAttempts: 0,
      byModel: [
        { ref: "anthropic/c", nanoUsd: 25, attempts: 1 },
        { ref: "openai/b", nanoUsd: 20, attempts: 1 },
        { ref: "openai/a", nanoUsd: 10, attempts: 1 },
      ],
    });
  });
});

describe("a day's budget", () => {
  it.each([
    ["of 23 hours", "Europe/Berlin", "2026-03-29T21:59:59.999Z"],
    ["of 25 hours", "Europe/Berlin", "2026-10-25T22:59:59.999Z"],
    ["before a day that begins at one o'clock", "Africa/Cairo", "2026-04-23T21:59:59.999Z"],
    ["at the end of a month", "Pacific/Auckland", "2026-11-30T10:59:59.999Z"],
  ])("%s ends at its own midnight", async (_day, timeZone, lastMillisecond) => {
    vi.stubEnv("TZ", timeZone);
    try {
      const { clock, open } = createTestLedger();
      clock.nowMs = Date.parse(lastMillisecond);
      const ledger = await open();
      const { budget } = ledger;
      await spendOn(ledger, 1_000);
      expect((await budget.reserve(reserveRequest())).kind).toBe("exceeded");
      clock.nowMs += 1;
      await spendOn(ledger, 1_000);
      expect((await budget.reserve(reserveRequest())).kind).toBe("exceeded");
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
