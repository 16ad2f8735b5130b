import { describe, expect, it } from "vitest";
import { createTestLedger, reserveOn, reserveRequest } from "../../../../test/support/ledgers/testLedger.ts";
import { localDay } from "../../../base/time/calendar.ts";
import { SqliteBudget } from "./budget.ts";
import { Lease } from "./lease.ts";

/** The lease of a second process on the same file, whose ticks the test makes. */
async function otherLease(testLedger: ReturnType<typeof createTestLedger>): Promise<Lease> {
  const { database, changes, now } = await testLedger.openParts();
  return new Lease("other", database, changes, now);
}

describe("a lease", () => {
  it("keeps the reservations of a process that renews its lease", async () => {
    const testLedger = createTestLedger();
    const ledger = await testLedger.open();
    const other = await otherLease(testLedger);
    await reserveOn(ledger);
    testLedger.clock.nowMs += 15_000;
    await other.tick();
    testLedger.clock.nowMs += 15_000;
    await other.tick();
    expect(await ledger.budget.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 100 });
  });

  it("settles an abandoned reservation at its recorded amount, once", async () => {
    const testLedger = createTestLedger();
    const ledger = await testLedger.open();
    const id = await reserveOn(ledger);
    await ledger.budget.progress(id, 40);
    testLedger.clock.nowMs += 60_001;
    const next = await testLedger.open();
    expect(await next.budget.today()).toMatchObject({ spentNanoUsd: 40, reservedNanoUsd: 0 });
    await testLedger.open();
    expect(await next.budget.today()).toMatchObject({ spentNanoUsd: 40, byModel: [{ attempts: 1 }] });
  });

  it("settles an abandoned reservation without a recorded amount at the cost of the input", async () => {
    const testLedger = createTestLedger();
    await reserveOn(await testLedger.open(), { inputNanoUsd: 25 });
    testLedger.clock.nowMs += 60_001;
    expect((await (await testLedger.open()).budget.today()).spentNanoUsd).toBe(25);
  });

  it("makes room for a reservation that only abandoned ones block", async () => {
    const testLedger = createTestLedger();
    const parts = await testLedger.openParts();
    const lease = new Lease("other", parts.database, parts.changes, parts.now);
    const budget = new SqliteBudget({ ...parts, lease, dayOf: localDay });
    await reserveOn(await testLedger.open(), { maximumNanoUsd: 1_000 });
    for (let tick = 0; tick < 4; tick += 1) {
      testLedger.clock.nowMs += 15_000;
      await lease.tick();
      expect(await budget.reserve(reserveRequest())).toMatchObject({ kind: "blocked" });
    }
    testLedger.clock.nowMs += 1;
    expect(await budget.reserve(reserveRequest())).toMatchObject({ kind: "reserved" });
  });

  it("does not settle a running process's reservations right after both slept", async () => {
    const testLedger = createTestLedger();
    const [sleeper, ledger] = [await testLedger.open(), await testLedger.open()];
    const id = await reserveOn(sleeper, { maximumNanoUsd: 1_000 });
    testLedger.clock.nowMs += 600_000;
    expect(await ledger.budget.reserve(reserveRequest())).toMatchObject({
      kind: "blocked",
      reservedNanoUsd: 1_000,
    });
    await sleeper.budget.settle(id, { kind: "exact", nanoUsd: 1_000 });
    expect(await ledger.budget.reserve(reserveRequest())).toMatchObject({ kind: "exceeded" });
  });

  it("lets a process that only slept replace the estimate", async () => {
    const testLedger = createTestLedger();
    const sleeper = await testLedger.open();
    const id = await reserveOn(sleeper);
    await sleeper.budget.progress(id, 40);
    testLedger.clock.nowMs += 600_000;
    const next = await testLedger.open();
    await sleeper.budget.progress(id, 60);
    expect((await next.budget.today()).spentNanoUsd).toBe(60);
    await sleeper.budget.settle(id, { kind: "estimated", nanoUsd: 70 });
    expect((await next.budget.today()).spentNanoUsd).toBe(70);
    await sleeper.budget.settle(id, { kind: "exact", nanoUsd: 65 });
    await sleeper.budget.settle(id, { kind: "exact", nanoUsd: 65 });
    expect(await next.budget.today()).toMatchObject({
      spentNanoUsd: 65,
      reservedNanoUsd: 0,
      byModel: [{ attempts: 1 }],
    });
  });

  it("settles nothing right after its own sleep, so that other processes can renew their leases", async () => {
    const testLedger = createTestLedger();
    const ledger = await testLedger.open();
    const other = await otherLease(testLedger);
    await reserveOn(ledger);
    testLedger.clock.nowMs += 600_000;
    await other.tick();
    expect((await ledger.budget.today()).reservedNanoUsd).toBe(100);
    for (let tick = 0; tick < 3; tick += 1) {
      testLedger.clock.nowMs += 5_000;
      await other.tick();
    }
    expect((await ledger.budget.today()).reservedNanoUsd).toBe(0);
  });

  it("settles nothing right after it could not write itself, because other processes could not renew either", async () => {
    const testLedger = createTestLedger();
    const { database, changes, now } = await testLedger.openParts();
    const lease = new Lease("other", database, changes, now);
    const ledger = await testLedger.open();
    await reserveOn(ledger);
    const setFull = (full: boolean) => database.read((sql) => sql.script(`PRAGMA query_only = ${full}`));
    await setFull(true);
    for (let tick = 0; tick < 5; tick += 1) {
      testLedger.clock.nowMs += 15_000;
      await lease.tick().catch(() => undefined);
    }
    await setFull(false);
    testLedger.clock.nowMs += 5_000;
    await lease.tick();
    expect((await ledger.budget.today()).reservedNanoUsd).toBe(100);
    testLedger.clock.nowMs += 15_000;
    await lease.tick();
    expect((await ledger.budget.today()).reservedNanoUsd).toBe(0);
  });

  it("treats a lease from the future as expired, because the clock was set back", async () => {
    const testLedger = createTestLedger();
    await reserveOn(await testLedger.open());
    testLedger.clock.nowMs -= 3_600_000;
    expect((await (await testLedger.open()).budget.today()).reservedNanoUsd).toBe(0);
  });

  it("settles open reservations when its process closes the ledger", async () => {
    const testLedger = createTestLedger();
    const ledger = await testLedger.open();
    const id = await reserveOn(ledger);
    await ledger.budget.progress(id, 15);
    await ledger.close();
    expect(await (await testLedger.open()).budget.today()).toMatchObject({
      spentNanoUsd: 15,
      reservedNanoUsd: 0,
    });
  });

  it("waits for stopped answers to be settled when its process closes the ledger", async () => {
    const testLedger = createTestLedger();
    const ledger = await testLedger.open();
    const id = await reserveOn(ledger);
    const closing = ledger.close();
    await new Promise((later) => setImmediate(later));
    await ledger.budget.settle(id, { kind: "estimated", nanoUsd: 60 });
    await closing;
    expect(await (await testLedger.open()).budget.today()).toMatchObject({
      spentNanoUsd: 60,
      reservedNanoUsd: 0,
    });
  });
});
