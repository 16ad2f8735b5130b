import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createTestLedger,
  failOnce,
  reserveOn,
  spendOn,
  type TestLedger,
} from "../../../test/support/ledgers/testLedger.ts";

const breaker = { failures: 1, openMs: 1_000, maxOpenMs: 1_000 };

// Only the timer of the ledger's periodic work is controlled; waits for a lock are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A ledger with a settlement that failed because the file was locked. */
async function withFailedSettlement(testLedger: TestLedger) {
  const ledger = await testLedger.open({ busyLimitMs: 30 });
  const id = await reserveOn(ledger);
  const db = testLedger.raw();
  db.exec("BEGIN IMMEDIATE");
  await ledger.budget.settle(id, { kind: "exact", nanoUsd: 70 });
  db.exec("COMMIT");
  return ledger;
}

describe("the periodic work of an open ledger", () => {
  it("writes a failed settlement a few seconds later, and informs the user meanwhile", async () => {
    const ledger = await withFailedSettlement(createTestLedger());
    expect(await ledger.budget.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 100 });
    expect(ledger.notice).toMatch(/has been locked by another process .* stays reserved in the budget/);
    vi.advanceTimersByTime(5_000);
    await expect.poll(() => ledger.budget.today()).toMatchObject({ spentNanoUsd: 70, reservedNanoUsd: 0 });
  });

  it("writes a failed settlement when the ledger is closed", async () => {
    const testLedger = createTestLedger();
    const ledger = await withFailedSettlement(testLedger);
    await ledger.close();
    expect(await (await testLedger.open()).budget.today()).toMatchObject({
      spentNanoUsd: 70,
      reservedNanoUsd: 0,
    });
  });

  it("renews the probes and reservations of a running process", async () => {
    const testLedger = createTestLedger();
    const ledger = await testLedger.open();
    await failOnce(ledger.health, "a/b", breaker);
    testLedger.clock.nowMs += 1_000;
    await ledger.health.acquire("a/b", breaker, false);
    await reserveOn(ledger);
    const probeUntil = async () => {
      const state = (await ledger.health.snapshot()).get("a/b")?.breaker;
      return state?.kind === "half-open" ? state.probeUntilMs - testLedger.clock.nowMs : undefined;
    };
    for (let beat = 0; beat < 6; beat += 1) {
      testLedger.clock.nowMs += 20_000;
      vi.advanceTimersByTime(5_000);
      await expect.poll(probeUntil).toBe(60_000);
    }
    const other = await testLedger.open();
    expect(await other.health.acquire("a/b", breaker, false)).toBeUndefined();
    expect((await other.budget.today()).reservedNanoUsd).toBe(100);
    await spendOn(other, 5);
  });
});
