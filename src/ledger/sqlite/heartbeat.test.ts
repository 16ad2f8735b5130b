import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  createTestLedger,
  failOnce,
  reserveOn,
  spendOn,
  type TestLedger,
} from "../../../test/support/testLedger.ts";

const breaker = { failures: 1, openMs: 1_000, maxOpenMs: 1_000 };

// Only what a process does every few seconds by itself is told to go on; waits for a lock are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A ledger whose file somebody else has locked at the moment when an answer is to be settled. */
async function settledInVain(on: TestLedger) {
  const ledger = await on.open({ busyLimitMs: 30 });
  const id = await reserveOn(ledger);
  const db = on.raw();
  db.exec("BEGIN IMMEDIATE");
  await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 70 } });
  db.exec("COMMIT");
  return ledger;
}

it("what could not be settled is settled a few seconds later, and the user is told meanwhile", async () => {
  const ledger = await settledInVain(createTestLedger());
  expect(await ledger.budget.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 100 });
  expect(ledger.notice).toMatch(/has been locked by another process .* stays reserved in the budget/);
  vi.advanceTimersByTime(5_000);
  await expect.poll(() => ledger.budget.today()).toMatchObject({ spentNanoUsd: 70, reservedNanoUsd: 0 });
});

it("what could not be settled is settled at the end, at what it cost", async () => {
  const on = createTestLedger();
  const ledger = await settledInVain(on);
  await ledger.close();
  expect(await (await on.open()).budget.today()).toMatchObject({ spentNanoUsd: 70, reservedNanoUsd: 0 });
});

it("a process that lives keeps its probe and what it holds", async () => {
  const on = createTestLedger();
  const ledger = await on.open();
  await failOnce(ledger.health, "a/b", breaker);
  on.clock.nowMs += 1_000;
  await ledger.health.acquire("a/b", breaker, false);
  await reserveOn(ledger);
  const probeUntil = async () => {
    const state = (await ledger.health.snapshot()).get("a/b")?.breaker;
    return state?.kind === "half-open" ? state.probeUntilMs - on.clock.nowMs : undefined;
  };
  for (let beat = 0; beat < 6; beat += 1) {
    on.clock.nowMs += 20_000;
    vi.advanceTimersByTime(5_000);
    await expect.poll(probeUntil).toBe(60_000);
  }
  const other = await on.open();
  expect(await other.health.acquire("a/b", breaker, false)).toBeUndefined();
  expect((await other.budget.today()).reservedNanoUsd).toBe(100);
  await spendOn(other, 5);
});
