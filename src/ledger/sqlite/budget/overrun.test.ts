import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestLedger, reserveOn, reserveRequest } from "../../../../test/support/ledgers/testLedger.ts";
import { lowered, raised } from "./overrun.ts";

describe("a model that exceeded its output limit", () => {
  /** 100 were reserved, and 150 charged. */
  async function overrun() {
    const testLedger = createTestLedger();
    const ledger = await testLedger.open();
    const id = await reserveOn(ledger);
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 150 });
    return { testLedger, ledger };
  }

  it("is reported, and counts with all that it charged", async () => {
    const { testLedger, ledger } = await overrun();
    const spend = { overruns: [{ ref: "openai/gpt-6-luna", factor: 1.5 }], spentNanoUsd: 150 };
    expect(await ledger.budget.today()).toMatchObject(spend);
    expect(await ledger.budget.month()).toMatchObject(spend);
    testLedger.clock.nowMs += 2 * 86_400_000;
    expect((await ledger.budget.today()).overruns).toBeUndefined();
  });

  it("has more reserved for it from then on, in every process, so that the budget is not exceeded", async () => {
    const { testLedger } = await overrun();
    const { budget } = await testLedger.open();
    expect(await budget.reserve(reserveRequest({ maximumNanoUsd: 200 }))).toMatchObject({
      kind: "reserved",
      nanoUsd: 200,
    });
    expect((await budget.today()).reservedNanoUsd).toBe(300);
    const other = reserveRequest({ ref: "openai/other", maximumNanoUsd: 200 });
    expect(await budget.reserve(other)).toMatchObject({ kind: "reserved", nanoUsd: 200 });
    expect((await budget.today()).reservedNanoUsd).toBe(500);
    // 350 of 1,000 are left, which is enough for an attempt of 233.
    const rest = reserveRequest({ maximumNanoUsd: 300, minimumNanoUsd: 200 });
    expect(await budget.reserve(rest)).toMatchObject({ kind: "reserved", nanoUsd: 233 });
  });

  it("is not reserved for if the raised amount does not fit; what is left and what fits are reported", async () => {
    const { ledger } = await overrun();
    const { budget } = ledger;
    const refused = {
      kind: "exceeded",
      limit: { kind: "day" },
      leftNanoUsd: 850,
      usableNanoUsd: 566,
      overrunFactor: 1.5,
    };
    expect(await budget.reserve(reserveRequest({ maximumNanoUsd: 600, minimumNanoUsd: 600 }))).toEqual(
      refused,
    );
    expect(await budget.reserve(reserveRequest({ maximumNanoUsd: 566, minimumNanoUsd: 566 }))).toMatchObject({
      kind: "reserved",
      nanoUsd: 566,
    });
  });

  it("that exceeds it again has its reservations raised again, up to ten times", async () => {
    const { ledger } = await overrun();
    const id = await reserveOn(ledger);
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 300 });
    expect((await ledger.budget.today()).overruns).toMatchObject([{ factor: 3 }]);
    const again = await reserveOn(ledger);
    await ledger.budget.settle(again, { kind: "exact", nanoUsd: 1e9 });
    expect((await ledger.budget.today()).overruns).toMatchObject([{ factor: 10 }]);
  });
});

describe("the factor of a model that exceeded its output limit", () => {
  /** 100 were reserved, and 900 charged: the factor is 9. */
  async function overrunByNine() {
    const { clock, open } = createTestLedger();
    const { budget } = await open();
    const spend = async (nanoUsd: number) => {
      const reserved = await budget.reserve(reserveRequest({ limits: {} }));
      if (reserved.kind === "reserved") await budget.settle(reserved.id, { kind: "exact", nanoUsd });
    };
    await spend(900);
    const factor = async () => (await budget.overrunFactors()).get(reserveRequest().ref);
    expect(await factor()).toBe(9);
    return { clock, spend, factor, budget };
  }

  it("loses half of what exceeds 1 with each answer within the limit, and comes to 1", async () => {
    const { spend, factor, budget } = await overrunByNine();
    await spend(100);
    expect(await factor()).toBe(5);
    await spend(40);
    expect(await factor()).toBe(3);
    for (let answers = 0; answers < 12; answers++) await spend(100);
    expect(await factor()).toBeUndefined();
    expect(await budget.reserve(reserveRequest({ limits: {} }))).toMatchObject({ nanoUsd: 100 });
  });

  it("keeps its size with an answer above the limit, or one that cost nothing", async () => {
    const { spend, factor } = await overrunByNine();
    await spend(500);
    await spend(0);
    expect(await factor()).toBe(9);
  });

  it("loses half of what exceeds 1 with each day", async () => {
    const { clock, factor } = await overrunByNine();
    clock.nowMs += 86_400_000;
    expect(await factor()).toBe(5);
    clock.nowMs += 366 * 86_400_000;
    expect(await factor()).toBeUndefined();
  });
});

it("does not raise reservations for a model within its limit, or with an estimated cost", async () => {
  const { budget } = await createTestLedger().open();
  for (const cost of [
    { kind: "exact", nanoUsd: 100 },
    { kind: "estimated", nanoUsd: 150 },
  ] as const) {
    const reservation = await budget.reserve(reserveRequest());
    if (reservation.kind === "reserved") await budget.settle(reservation.id, cost);
  }
  expect((await budget.today()).overruns).toBeUndefined();
});

it("never raises the amount that a reservation is good for above the reservation", () => {
  const amount = fc.integer({ min: 0, max: 9e15 });
  const permille = fc.integer({ min: 1000, max: 10_000 });
  fc.assert(
    fc.property(amount, permille, (reserved, by) => {
      expect(raised(lowered(reserved, by), by)).toBeLessThanOrEqual(reserved);
      expect(lowered(reserved, 1000)).toBe(reserved);
    }),
  );
});
