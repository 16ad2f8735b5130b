import { closeSync, openSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  createTestLedger,
  reserveOn,
  reserveRequest,
  spendOn,
  type TestLedger,
} from "../../../test/support/ledgers/testLedger.ts";

type Table = "total" | "spend" | "day_total" | "reservation" | "health" | "lease";

/** Overwrites the root page of each table, as a defective disk might. */
function damage(testLedger: TestLedger, ...tables: readonly Table[]): void {
  const db = testLedger.raw();
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const pages = tables.map((table) =>
    Number(db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table)?.["rootpage"]),
  );
  db.close();
  const handle = openSync(testLedger.file, "r+");
  for (const page of pages) writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, (page - 1) * 4096);
  closeSync(handle);
}

/** A ledger with spend in two months, and a model that is turned off. */
async function used(testLedger: TestLedger): Promise<void> {
  testLedger.clock.nowMs = new Date(2026, 9, 31, 12).getTime();
  const ledger = await testLedger.open();
  await spendOn(ledger, 900);
  testLedger.clock.nowMs = new Date(2026, 10, 1, 0, 30).getTime();
  await spendOn(ledger, 30, { ref: "openai/a" });
  testLedger.clock.nowMs = new Date(2026, 10, 21, 12).getTime();
  await spendOn(ledger, 500, { ref: "openai/a" });
  await spendOn(ledger, 200, { ref: "anthropic/b" });
  const id = await reserveOn(ledger, { ref: "openai/a" });
  await ledger.budget.settle(id, { kind: "unknown" });
  await ledger.health.setSwitchedOff("openai/c", true);
  await ledger.close();
}

const bothModels = [
  { ref: "openai/a", nanoUsd: 500, attempts: 2 },
  { ref: "anthropic/b", nanoUsd: 200, attempts: 1 },
];

describe("the recovery of a quarantined ledger", () => {
  it.each([
    ["its totals", ["lease"]],
    ["its attempts if the totals by model are damaged", ["total"]],
    ["its attempts if all totals are damaged", ["total", "day_total"]],
    ["its totals if the attempts are damaged", ["lease", "spend"]],
  ] as const)("carries over this month's spend from %s", async (_what, tables) => {
    const testLedger = createTestLedger();
    await used(testLedger);
    damage(testLedger, ...tables);
    const { budget, notice } = await testLedger.open();
    expect(notice).toMatch(/is damaged .* was carried over/s);
    expect(await budget.today()).toMatchObject({
      spentNanoUsd: 700,
      unknownAttempts: 1,
      byModel: bothModels,
    });
    expect((await budget.month()).spentNanoUsd).toBe(730);
    expect(await budget.reserve(reserveRequest({ maximumNanoUsd: 400, minimumNanoUsd: 400 }))).toMatchObject({
      kind: "exceeded",
      leftNanoUsd: 300,
      usableNanoUsd: 300,
    });
  });

  it("carries over what a conversation has cost, for its limit", async () => {
    const testLedger = createTestLedger();
    const before = await testLedger.open();
    await spendOn(before, 500, { conversation: "c1" });
    await reserveOn(before, { conversation: "c1", maximumNanoUsd: 200 });
    await before.close();
    damage(testLedger, "health");
    const { budget } = await testLedger.open();
    expect(await budget.spent({ kind: "conversation", id: "c1" })).toBeGreaterThanOrEqual(500);
    const limits = { conversationNanoUsd: 600 };
    const request = reserveRequest({ conversation: "c1", limits, maximumNanoUsd: 200, minimumNanoUsd: 200 });
    expect(await budget.reserve(request)).toMatchObject({
      kind: "exceeded",
      limit: { kind: "conversation", id: "c1" },
    });
  });

  it("carries over what calls have cost that another model answered, for the limit of the model that was called", async () => {
    const testLedger = createTestLedger();
    const before = await testLedger.open();
    const id = await reserveOn(before, { ref: "router/auto" });
    await before.budget.settle(id, { kind: "exact", nanoUsd: 500 }, "router/large");
    await before.close();
    damage(testLedger, "health");
    const { budget } = await testLedger.open();
    expect(await budget.spent({ kind: "model", ref: "router/auto" })).toBe(500);
    expect(await budget.spent({ kind: "model", ref: "router/large" })).toBe(500);
    expect(await budget.spent({ kind: "day" })).toBe(500);
  });

  it("carries over a day's sum if nothing else can be read", async () => {
    const testLedger = createTestLedger();
    await used(testLedger);
    damage(testLedger, "total", "spend");
    const { budget, notice } = await testLedger.open();
    expect(notice).toContain("some of it may be missing");
    expect(await budget.today()).toMatchObject({
      spentNanoUsd: 700,
      byModel: [{ ref: "unknown/unknown", nanoUsd: 700, attempts: 0 }],
    });
  });

  it("carries over the spend that a newer version wrote", async () => {
    const testLedger = createTestLedger();
    await used(testLedger);
    const db = testLedger.raw();
    db.exec("PRAGMA user_version = 99");
    db.close();
    const { budget, notice } = await testLedger.open();
    expect(notice).toContain("This month’s spend was carried over.");
    expect(await budget.today()).toMatchObject({ spentNanoUsd: 700, byModel: bothModels });
  });

  it("lets windows that have the old file open continue in the new one", async () => {
    const testLedger = createTestLedger();
    await used(testLedger);
    const running = await testLedger.open();
    const db = testLedger.raw();
    db.exec("PRAGMA user_version = 99");
    db.close();
    const { budget } = await testLedger.open();
    await spendOn(running, 60);
    expect(await budget.today()).toMatchObject({ spentNanoUsd: 760 });
  });

  it("carries over other windows' reservations, which are settled in the new file", async () => {
    const testLedger = createTestLedger();
    await used(testLedger);
    const [running, dead] = [await testLedger.open(), await testLedger.open()];
    const id = await reserveOn(running);
    await running.budget.progress(await reserveOn(dead), 40);
    damage(testLedger, "lease");
    const { budget } = await testLedger.open();
    expect(await budget.today()).toMatchObject({ spentNanoUsd: 700, reservedNanoUsd: 200 });
    await running.budget.settle(id, { kind: "exact", nanoUsd: 60 });
    expect(await budget.today()).toMatchObject({ spentNanoUsd: 760, reservedNanoUsd: 100 });
    testLedger.clock.nowMs += 61_000;
    const next = await testLedger.open();
    expect(await next.budget.today()).toMatchObject({ spentNanoUsd: 800, reservedNanoUsd: 0 });
  });

  it("carries over which models are turned off", async () => {
    const testLedger = createTestLedger();
    await used(testLedger);
    damage(testLedger, "lease");
    expect((await (await testLedger.open()).health.snapshot()).get("openai/c")?.switchedOff).toBe(true);
  });

  it("ignores negative amounts", async () => {
    const testLedger = createTestLedger();
    await used(testLedger);
    const db = testLedger.raw();
    db.exec("UPDATE total SET nano = -5 WHERE ref = 'openai/a'; DELETE FROM spend; PRAGMA user_version = 99");
    db.close();
    const { budget, notice } = await testLedger.open();
    expect(notice).toContain("some of it may be missing");
    expect((await budget.month()).spentNanoUsd).toBe(730);
  });
});
