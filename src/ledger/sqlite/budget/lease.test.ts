import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdOf, request, scene } from "../../../../test/support/testLedger.ts";
import { localDay } from "../../../base/calendar.ts";
import { SqliteBudget } from "./budget.ts";
import { Lease } from "./lease.ts";

/** A second process's lease on the scene's file, whose ticks the test makes. */
async function otherLease(on: ReturnType<typeof scene>): Promise<Lease> {
  const { database, changes, now } = await on.openParts();
  return new Lease("other", database, changes, now);
}

it("keeps what a process holds for as long as it is heard of", async () => {
  const on = scene();
  const ledger = await on.open();
  const other = await otherLease(on);
  await holdOf(ledger);
  on.clock.nowMs += 15_000;
  await other.tick();
  on.clock.nowMs += 15_000;
  await other.tick();
  expect(await ledger.budget.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 100 });
});

it("settles an orphan at what its journal says, once", async () => {
  const on = scene();
  const ledger = await on.open();
  const id = await holdOf(ledger);
  await ledger.budget.progress(id, 40);
  on.clock.nowMs += 60_001;
  const heir = await on.open();
  expect(await heir.budget.today()).toMatchObject({ spentNanoUsd: 40, reservedNanoUsd: 0 });
  await on.open();
  expect(await heir.budget.today()).toMatchObject({ spentNanoUsd: 40, byModel: [{ attempts: 1 }] });
});

it("settles an orphan without a journal at what it cost to send", async () => {
  const on = scene();
  await holdOf(await on.open(), { inputNanoUsd: 25 });
  on.clock.nowMs += 60_001;
  expect((await (await on.open()).budget.today()).spentNanoUsd).toBe(25);
});

it("makes room for a reservation that only orphans block", async () => {
  const on = scene();
  const parts = await on.openParts();
  const lease = new Lease("other", parts.database, parts.changes, parts.now);
  const budget = new SqliteBudget({ ...parts, lease, dayOf: localDay });
  await holdOf(await on.open(), { maximumNanoUsd: 1_000 });
  for (let tick = 0; tick < 4; tick += 1) {
    on.clock.nowMs += 15_000;
    await lease.tick();
    expect(await budget.reserve(request())).toMatchObject({ kind: "blocked" });
  }
  on.clock.nowMs += 1;
  expect(await budget.reserve(request())).toMatchObject({ kind: "reserved" });
});

it("takes nothing from a living process for a reservation right after both slept", async () => {
  const on = scene();
  const [sleeper, ledger] = [await on.open(), await on.open()];
  const id = await holdOf(sleeper, { maximumNanoUsd: 1_000 });
  on.clock.nowMs += 600_000;
  expect(await ledger.budget.reserve(request())).toMatchObject({ kind: "blocked", reservedNanoUsd: 1_000 });
  await sleeper.budget.settle(id, { cost: { kind: "exact", nanoUsd: 1_000 } });
  expect(await ledger.budget.reserve(request())).toMatchObject({ kind: "exceeded" });
});

it("lets the owner that only slept have the last word", async () => {
  const on = scene();
  const sleeper = await on.open();
  const id = await holdOf(sleeper);
  await sleeper.budget.progress(id, 40);
  on.clock.nowMs += 600_000;
  const heir = await on.open();
  await sleeper.budget.progress(id, 60);
  expect((await heir.budget.today()).spentNanoUsd).toBe(60);
  await sleeper.budget.settle(id, { cost: { kind: "estimated", nanoUsd: 70 } });
  expect((await heir.budget.today()).spentNanoUsd).toBe(70);
  await sleeper.budget.settle(id, { cost: { kind: "exact", nanoUsd: 65 } });
  await sleeper.budget.settle(id, { cost: { kind: "exact", nanoUsd: 65 } });
  expect(await heir.budget.today()).toMatchObject({
    spentNanoUsd: 65,
    reservedNanoUsd: 0,
    byModel: [{ attempts: 1 }],
  });
});

it("judges nobody right after its own sleep, so that those who slept too can say that they live", async () => {
  const on = scene();
  const ledger = await on.open();
  const other = await otherLease(on);
  await holdOf(ledger);
  on.clock.nowMs += 600_000;
  await other.tick();
  expect((await ledger.budget.today()).reservedNanoUsd).toBe(100);
  for (let tick = 0; tick < 3; tick += 1) {
    on.clock.nowMs += 5_000;
    await other.tick();
  }
  expect((await ledger.budget.today()).reservedNanoUsd).toBe(0);
});

it("judges nobody where it could not write itself just now: the others could not say that they live", async () => {
  const on = scene();
  const { database, changes, now } = await on.openParts();
  const lease = new Lease("other", database, changes, now);
  const ledger = await on.open();
  await holdOf(ledger);
  const setFull = (full: boolean) => database.read((sql) => sql.script(`PRAGMA query_only = ${full}`));
  await setFull(true);
  for (let tick = 0; tick < 5; tick += 1) {
    on.clock.nowMs += 15_000;
    await lease.tick().catch(() => undefined);
  }
  await setFull(false);
  on.clock.nowMs += 5_000;
  await lease.tick();
  expect((await ledger.budget.today()).reservedNanoUsd).toBe(100);
  on.clock.nowMs += 15_000;
  await lease.tick();
  expect((await ledger.budget.today()).reservedNanoUsd).toBe(0);
});

it("takes a lease from the future for an orphan's, since the clock was set back", async () => {
  const on = scene();
  await holdOf(await on.open());
  on.clock.nowMs -= 3_600_000;
  expect((await (await on.open()).budget.today()).reservedNanoUsd).toBe(0);
});

it("settles what is still held when its process closes the ledger", async () => {
  const on = scene();
  const ledger = await on.open();
  const id = await holdOf(ledger);
  await ledger.budget.progress(id, 15);
  await ledger.close();
  expect(await (await on.open()).budget.today()).toMatchObject({ spentNanoUsd: 15, reservedNanoUsd: 0 });
});

it("gives answers that were stopped the time to be settled when its process closes the ledger", async () => {
  const on = scene();
  const ledger = await on.open();
  const id = await holdOf(ledger);
  const closing = ledger.close();
  await new Promise((later) => setImmediate(later));
  await ledger.budget.settle(id, { cost: { kind: "estimated", nanoUsd: 60 } });
  await closing;
  expect(await (await on.open()).budget.today()).toMatchObject({ spentNanoUsd: 60, reservedNanoUsd: 0 });
});

describe("a laptop that slept, however its windows take turns", () => {
  const amount = fc.nat(100);
  const turn = fc.oneof(
    fc.record({ what: fc.constant("progress" as const), nanoUsd: amount }),
    fc.record({ what: fc.constant("estimate" as const), nanoUsd: amount }),
    fc.constant({ what: "settle" as const }),
    fc.constant({ what: "renew" as const }),
    fc.constant({ what: "another window" as const }),
    fc.record({ what: fc.constant("sleep" as const), seconds: fc.nat(200) }),
  );

  it("counts an attempt once, at what it really cost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 25 }), fc.nat(100), async (turns, realNanoUsd) => {
        const on = scene();
        const parts = await on.openParts();
        const lease = new Lease("sleeper", parts.database, parts.changes, parts.now);
        const budget = new SqliteBudget({ ...parts, lease, dayOf: localDay });
        const held = await budget.reserve(request());
        if (held.kind !== "reserved") throw new Error("It was refused.");
        const settle = () => budget.settle(held.id, { cost: { kind: "exact", nanoUsd: realNanoUsd } });
        for (const one of turns) {
          if (one.what === "sleep") on.clock.nowMs += one.seconds * 1000;
          if (one.what === "renew") await lease.tick();
          if (one.what === "another window") await (await on.open()).close();
          if (one.what === "progress") await budget.progress(held.id, one.nanoUsd);
          if (one.what === "settle") await settle();
          if (one.what === "estimate") {
            await budget.settle(held.id, { cost: { kind: "estimated", nanoUsd: one.nanoUsd } });
          }
          const { reservedNanoUsd, byModel } = await budget.today();
          // Held, or booked: never both, and never twice.
          expect([reservedNanoUsd, byModel.map(({ attempts }) => attempts)]).toEqual(
            reservedNanoUsd > 0 ? [100, []] : [0, [1]],
          );
        }
        await settle();
        expect(await budget.today()).toMatchObject({
          ...{ spentNanoUsd: realNanoUsd, reservedNanoUsd: 0 },
          byModel: [{ nanoUsd: realNanoUsd, attempts: 1 }],
        });
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
