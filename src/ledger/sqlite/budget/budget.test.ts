import { describe, expect, it } from "vitest";
import {
  createTestLedger,
  reserveOn,
  reserveRequest,
  spendOn,
  type TestLedger,
} from "../../../../test/support/ledgers/testLedger.ts";
import { localDay } from "../../../base/time/calendar.ts";
import type { BudgetScope, ReserveRequest } from "../../../contract/budget.ts";
import { LedgerUnwritable } from "../core/errors.ts";
import { SqliteBudget } from "./budget.ts";
import { Lease } from "./lease.ts";

describe("a reservation", () => {
  it("is for the maximum if that fits", async () => {
    const { budget } = await createTestLedger().open();
    expect(await budget.reserve(reserveRequest())).toMatchObject({ kind: "reserved", nanoUsd: 100 });
    expect(await budget.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 100 });
  });

  it("is for what is left if that is between the minimum and the maximum", async () => {
    const ledger = await createTestLedger().open();
    await spendOn(ledger, 950);
    expect(await ledger.budget.reserve(reserveRequest({ minimumNanoUsd: 50 }))).toMatchObject({
      kind: "reserved",
      nanoUsd: 50,
    });
  });

  it("shares the limit exactly with others of the same turn of the event loop", async () => {
    const ledger = await createTestLedger().open();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => ledger.budget.reserve(reserveRequest({ maximumNanoUsd: 150 }))),
    );
    const granted = all.flatMap((each) => (each.kind === "reserved" ? [each.nanoUsd] : []));
    expect(granted).toEqual([150, 150, 150, 150, 150, 150, 100]);
    expect((await ledger.budget.today()).reservedNanoUsd).toBe(1_000);
  });

  it("is blocked if only other reservations leave no room", async () => {
    const ledger = await createTestLedger().open();
    await spendOn(ledger, 100);
    await reserveOn(ledger, { maximumNanoUsd: 850, minimumNanoUsd: 850 });
    expect(await ledger.budget.reserve(reserveRequest())).toEqual({
      kind: "blocked",
      limit: { kind: "day" },
      leftNanoUsd: 900,
      overrunFactor: 1,
      usableNanoUsd: 900,
      reservedNanoUsd: 850,
    });
  });

  it.each<[string, Partial<ReserveRequest>, Partial<ReserveRequest>, BudgetScope]>([
    [
      "its conversation",
      { conversation: "c1", limits: { conversationNanoUsd: 150 } },
      { conversation: "c2", limits: { conversationNanoUsd: 150 } },
      { kind: "conversation", id: "c1" },
    ],
    [
      "its model",
      { ref: "a/m", limits: { modelNanoUsd: new Map([["a/m", 150]]) } },
      { ref: "a/m2", limits: { modelNanoUsd: new Map([["a/m", 150]]) } },
      { kind: "model", ref: "a/m" },
    ],
    [
      "its provider",
      { ref: "a/m", limits: { providerNanoUsd: new Map([["a", 150]]) } },
      { ref: "a.b/m", limits: { providerNanoUsd: new Map([["a", 150]]) } },
      { kind: "provider", id: "a" },
    ],
  ])(
    "stays within the limit of %s, reserved or spent, and leaves others alone",
    async (_, one, other, limit) => {
      const ledger = await createTestLedger().open();
      const held = await reserveOn(ledger, one);
      expect(await ledger.budget.reserve(reserveRequest(one))).toMatchObject({ kind: "blocked", limit });
      await ledger.budget.settle(held, { kind: "exact", nanoUsd: 60 });
      expect(await ledger.budget.spent(limit)).toBe(60);
      expect(await ledger.budget.reserve(reserveRequest(one))).toMatchObject({
        ...{ kind: "exceeded", limit, leftNanoUsd: 90 },
      });
      expect(await ledger.budget.reserve(reserveRequest(other))).toMatchObject({ kind: "reserved" });
    },
  );

  it("counts an answer of another model for the limit of the model that was called too", async () => {
    const ledger = await createTestLedger().open();
    const limits = { modelNanoUsd: new Map([["hub/auto", 100]]) };
    const request = reserveRequest({ ref: "hub/auto", maximumNanoUsd: 60, minimumNanoUsd: 60, limits });
    const id = await reserveOn(ledger, request);
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 60 }, "hub/strong");
    for (const ref of ["hub/auto", "hub/strong"]) {
      expect(await ledger.budget.spent({ kind: "model", ref })).toBe(60);
    }
    expect(await ledger.budget.spent({ kind: "provider", id: "hub" })).toBe(60);
    expect(await ledger.budget.reserve(request)).toMatchObject({
      kind: "exceeded",
      limit: { kind: "model", ref: "hub/auto" },
      leftNanoUsd: 40,
    });
  });

  it("counts a conversation's spend on all its days, and a model's on one", async () => {
    const { clock, open } = createTestLedger();
    const ledger = await open();
    const call = { ref: "a/m", conversation: "c1" };
    await spendOn(ledger, 70, call);
    clock.nowMs += 24 * 3_600_000;
    await spendOn(ledger, 20, call);
    expect(await ledger.budget.spent({ kind: "conversation", id: "c1" })).toBe(90);
    expect(await ledger.budget.spent({ kind: "model", ref: "a/m" })).toBe(20);
  });

  it("names the limit that leaves the least of several", async () => {
    const ledger = await createTestLedger().open();
    const limits = { dailyNanoUsd: 1_000, conversationNanoUsd: 90, modelNanoUsd: new Map([["a/m", 80]]) };
    const request = reserveRequest({ ref: "a/m", conversation: "c1", limits });
    expect(await ledger.budget.reserve(request)).toMatchObject({
      ...{ kind: "exceeded", limit: { kind: "model", ref: "a/m" }, leftNanoUsd: 80 },
    });
    expect(await ledger.budget.reserve({ ...request, minimumNanoUsd: 10 })).toMatchObject({
      ...{ kind: "reserved", nanoUsd: 80 },
    });
  });

  it("exceeds the budget if too little of the day's limit is left", async () => {
    const ledger = await createTestLedger().open();
    await spendOn(ledger, 950);
    expect(await ledger.budget.reserve(reserveRequest())).toEqual({
      kind: "exceeded",
      limit: { kind: "day" },
      leftNanoUsd: 50,
      overrunFactor: 1,
      usableNanoUsd: 50,
    });
  });

  it("stays within the month's budget too, and reports what is left of the tighter one", async () => {
    const { clock, open } = createTestLedger();
    const ledger = await open();
    await spendOn(ledger, 900);
    clock.nowMs = new Date(2026, 10, 22, 12).getTime();
    const limits = { dailyNanoUsd: 1_000, monthlyNanoUsd: 950 };
    expect(await ledger.budget.reserve(reserveRequest({ limits }))).toEqual({
      kind: "exceeded",
      limit: { kind: "month" },
      leftNanoUsd: 50,
      overrunFactor: 1,
      usableNanoUsd: 50,
    });
    clock.nowMs = new Date(2026, 11, 1).getTime();
    expect(await ledger.budget.reserve(reserveRequest({ limits }))).toMatchObject({ kind: "reserved" });
  });

  it("can exceed soft limits, and counts towards them", async () => {
    const ledger = await createTestLedger().open();
    await spendOn(ledger, 1_000);
    await spendOn(ledger, 500, { soft: true });
    expect((await ledger.budget.today()).spentNanoUsd).toBe(1_500);
  });

  it("of zero always fits, however much was spent", async () => {
    const ledger = await createTestLedger().open();
    await spendOn(ledger, 5_000, { soft: true });
    const free = reserveRequest({ maximumNanoUsd: 0, minimumNanoUsd: 0 });
    expect(await ledger.budget.reserve(free)).toMatchObject({ kind: "reserved", nanoUsd: 0 });
  });

  it("has no limit if none is set", async () => {
    const ledger = await createTestLedger().open();
    await spendOn(ledger, 9e15, { limits: {} });
    expect((await ledger.budget.today()).spentNanoUsd).toBe(9e15);
  });

  it("rejects amounts that are not integers of zero or more", async () => {
    const { budget } = await createTestLedger().open();
    for (const maximumNanoUsd of [0.5, -1, Number.NaN, 2 ** 53]) {
      await expect(budget.reserve(reserveRequest({ maximumNanoUsd }))).rejects.toThrow(RangeError);
    }
  });
});

describe("a settlement", () => {
  it("counts an attempt once, however often it is repeated", async () => {
    const ledger = await createTestLedger().open();
    const id = await spendOn(ledger, 70);
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 70 });
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 90 });
    await ledger.budget.settle(id, { kind: "estimated", nanoUsd: 10 });
    expect(await ledger.budget.today()).toMatchObject({
      spentNanoUsd: 70,
      reservedNanoUsd: 0,
      byModel: [{ ref: "openai/gpt-6-luna", nanoUsd: 70, attempts: 1 }],
    });
  });

  it("replaces an estimate with the exact cost", async () => {
    const ledger = await createTestLedger().open();
    const id = await reserveOn(ledger);
    await ledger.budget.settle(id, { kind: "estimated", nanoUsd: 80 });
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 30 });
    expect(await ledger.budget.today()).toMatchObject({ spentNanoUsd: 30, byModel: [{ attempts: 1 }] });
  });

  it("counts an attempt of unknown price without adding to the sums, until its cost is known", async () => {
    const ledger = await createTestLedger().open();
    const id = await reserveOn(ledger);
    await ledger.budget.settle(id, { kind: "unknown" });
    const unknown = [{ nanoUsd: 0, attempts: 1, unknownAttempts: 1 }];
    expect(await ledger.budget.today()).toMatchObject({
      ...{ spentNanoUsd: 0, unknownAttempts: 1 },
      ...{ byModel: unknown },
    });
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 30 });
    expect(await ledger.budget.today()).toMatchObject({ spentNanoUsd: 30, unknownAttempts: 0 });
  });

  it("makes room for a reservation of the same turn of the event loop that follows it", async () => {
    const ledger = await createTestLedger().open();
    const whole = { maximumNanoUsd: 1_000, minimumNanoUsd: 1_000 };
    const id = await reserveOn(ledger, whole);
    const [tooEarly, , afterwards] = await Promise.all([
      ledger.budget.reserve(reserveRequest(whole)),
      ledger.budget.settle(id, { kind: "exact", nanoUsd: 0 }),
      ledger.budget.reserve(reserveRequest(whole)),
    ]);
    expect(tooEarly.kind).toBe("blocked");
    expect(afterwards.kind).toBe("reserved");
  });

  it("is included in what was spent as soon as it has begun", async () => {
    const ledger = await createTestLedger().open();
    const id = await reserveOn(ledger);
    const settling = ledger.budget.settle(id, { kind: "exact", nanoUsd: 60 });
    const spent = { spentNanoUsd: 60, reservedNanoUsd: 0 };
    expect(await ledger.budget.today()).toMatchObject(spent);
    await settling;
    const other = await reserveOn(ledger);
    void ledger.budget.settle(other, { kind: "exact", nanoUsd: 10 });
    expect(await ledger.budget.month()).toMatchObject({ spentNanoUsd: 70, reservedNanoUsd: 0 });
  });

  it("can be more than was reserved if the provider charged more", async () => {
    const ledger = await createTestLedger().open();
    const id = await reserveOn(ledger);
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 4_000 });
    expect((await ledger.budget.today()).spentNanoUsd).toBe(4_000);
  });

  it("rejects an id that was never reserved", async () => {
    const { budget } = await createTestLedger().open();
    await expect(budget.settle("unknown-id", { kind: "unknown" })).rejects.toThrow("unknown-id");
  });
});

describe("a budget whose file cannot be written", () => {
  /** A budget whose disk the test makes full. */
  async function onFullDisk(testLedger: TestLedger) {
    const { database, ...parts } = await testLedger.openParts();
    const reported: unknown[] = [];
    const lease = new Lease("full", database, parts.changes, parts.now);
    const onUnwritten = (error: unknown) => void reported.push(error);
    const budget = new SqliteBudget({ ...parts, database, lease, dayOf: localDay, onUnwritten });
    const setFull = (full: boolean) => database.read((sql) => sql.script(`PRAGMA query_only = ${full}`));
    return { budget, reported, setFull };
  }

  it("keeps the reservation of a settlement, and writes it once that is possible", async () => {
    const testLedger = createTestLedger();
    const { budget, reported, setFull } = await onFullDisk(testLedger);
    const other = (await testLedger.open()).budget;
    const reservation = await budget.reserve(reserveRequest());
    if (reservation.kind !== "reserved") throw new Error("The reservation was refused.");
    await setFull(true);
    await budget.progress(reservation.id, 30);
    await budget.settle(reservation.id, { kind: "estimated", nanoUsd: 60 });
    await budget.settle(reservation.id, { kind: "exact", nanoUsd: 70 });
    expect(reported).toHaveLength(2);
    expect(reported[0]).toBeInstanceOf(LedgerUnwritable);
    expect(await other.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 100 });
    await budget.retrySettlements();
    expect(await other.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 100 });
    await setFull(false);
    await budget.retrySettlements();
    expect(await other.today()).toMatchObject({
      ...{ spentNanoUsd: 70, reservedNanoUsd: 0 },
      byModel: [{ attempts: 1 }],
    });
  });

  it("reserves nothing, and throws an error that names the file and the reason", async () => {
    const testLedger = createTestLedger();
    const { budget, setFull } = await onFullDisk(testLedger);
    await setFull(true);
    await expect(budget.reserve(reserveRequest())).rejects.toThrow(/ledger\.db\) cannot be written: .*full/);
    expect((await (await testLedger.open()).budget.today()).reservedNanoUsd).toBe(0);
  });

  it("writes pending settlements before it reserves anything else", async () => {
    const { budget, setFull } = await onFullDisk(createTestLedger());
    const reservation = await budget.reserve(reserveRequest({ maximumNanoUsd: 1_000 }));
    if (reservation.kind !== "reserved") throw new Error("The reservation was refused.");
    await setFull(true);
    await budget.settle(reservation.id, { kind: "exact", nanoUsd: 950 });
    await setFull(false);
    expect(await budget.reserve(reserveRequest())).toEqual({
      kind: "exceeded",
      limit: { kind: "day" },
      leftNanoUsd: 50,
      overrunFactor: 1,
      usableNanoUsd: 50,
    });
  });
});
