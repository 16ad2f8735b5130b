import { describe, expect, it } from "vitest";
import { decisionOf, summaryOf } from "../../../../test/support/ledgers/ledgerRecords.ts";
import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";

const permit = { ref: "a/b", options: { failures: 1, openMs: 1, maxOpenMs: 1 } };
const complete = { kind: "complete" } as const;

describe("the write-behind queue", () => {
  it("writes decisions and summaries after a moment, in order", async () => {
    const testLedger = createTestLedger();
    const { history } = await testLedger.open();
    const other = await testLedger.open();
    const before = testLedger.raw().prepare("SELECT count(*) AS n FROM decision");
    await history.saveDecision({ decision: decisionOf("d1", testLedger.clock.nowMs) });
    await history.saveSummary(summaryOf("d1", 10, complete));
    expect(before.get()).toEqual({ n: 0 });
    await expect.poll(() => other.history.decision("d1")).toMatchObject({ summary: { decisionId: "d1" } });
  });

  it("makes its writes visible to reads of the same process at once", async () => {
    const testLedger = createTestLedger();
    const { history, health } = await testLedger.open();
    const decision = decisionOf("d1", testLedger.clock.nowMs);
    await history.saveDecision({ decision });
    await health.report(permit, { kind: "answered", sample: { firstTokenMs: 5, tokensPerSecond: 7 } });
    expect(await history.decision("d1")).toEqual({ decision });
    await health.report(permit, { kind: "answered", sample: { firstTokenMs: 7, tokensPerSecond: 9 } });
    // Between the two answers, a little nearer to the last one.
    const latency = { firstTokenMs: expect.closeTo(6.07), tokensPerSecond: expect.closeTo(8.07) };
    expect((await health.snapshot()).get("a/b")).toMatchObject({ latency });
  });

  it("writes everything when the ledger is closed", async () => {
    const testLedger = createTestLedger();
    const { history, health, close } = await testLedger.open();
    await history.saveDecision({ decision: decisionOf("d1", testLedger.clock.nowMs) });
    await health.report(permit, { kind: "answered", sample: { firstTokenMs: 5, tokensPerSecond: 7 } });
    await close();
    const next = await testLedger.open();
    expect((await next.history.decision("d1"))?.decision.id).toBe("d1");
    expect((await next.health.snapshot()).get("a/b")?.latency).toBeDefined();
  });

  it("waits while the file cannot be written, and keeps the last thousand writes", async () => {
    const { database, queue } = await createTestLedger().openParts();
    const done: number[] = [];
    const write = (number: number) =>
      queue.add(
        (sql) => sql.run("INSERT INTO outcome (decision_id, kind, score) VALUES (?, 'kept', 1)", `${number}`),
        () => done.push(number),
      );
    await database.read((sql) => sql.script("PRAGMA query_only = true"));
    for (let number = 0; number < 1_010; number += 1) write(number);
    await queue.flush();
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await database.read((sql) => sql.script("PRAGMA query_only = false"));
    await queue.flush();
    expect(done).toHaveLength(1_010);
    expect(await database.read((sql) => sql.get("SELECT count(*) AS n FROM outcome"))).toEqual({ n: 1_000 });
  });

  it("reports a write that fails permanently, and continues with the others", async () => {
    const { database, queue, lost } = await createTestLedger().openParts();
    queue.add((sql) => sql.run("INSERT INTO nowhere VALUES (1)"));
    queue.add((sql) => sql.run("INSERT INTO outcome (decision_id, kind, score) VALUES ('d', 'kept', 1)"));
    await queue.flush();
    expect(String(lost)).toContain("nowhere");
    expect(await database.read((sql) => sql.get("SELECT count(*) AS n FROM outcome"))).toEqual({ n: 1 });
  });
});
