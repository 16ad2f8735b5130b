import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdOf, request, type Scene, scene, spendOn } from "../../../../test/support/testLedger.ts";
import { localDay } from "../../../base/calendar.ts";
import { LedgerUnwritable } from "../core/errors.ts";
import { SqliteBudget } from "./budget.ts";
import { Lease } from "./lease.ts";

describe("reserving", () => {
  it("holds all that is wanted where it fits", async () => {
    const { budget } = await scene().open();
    expect(await budget.reserve(request())).toMatchObject({ kind: "reserved", nanoUsd: 100 });
    expect(await budget.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 100 });
  });

  it("holds what is left where that is between the need and the wish", async () => {
    const ledger = await scene().open();
    await spendOn(ledger, 950);
    expect(await ledger.budget.reserve(request({ minimumNanoUsd: 50 }))).toMatchObject({
      kind: "reserved",
      nanoUsd: 50,
    });
  });

  it("is blocked where only what others hold is in the way", async () => {
    const ledger = await scene().open();
    await spendOn(ledger, 100);
    await holdOf(ledger, { maximumNanoUsd: 850, minimumNanoUsd: 850 });
    expect(await ledger.budget.reserve(request())).toEqual({
      kind: "blocked",
      leftNanoUsd: 900,
      reservedNanoUsd: 850,
    });
  });

  it("is refused for good where the day's budget is spent", async () => {
    const ledger = await scene().open();
    await spendOn(ledger, 950);
    expect(await ledger.budget.reserve(request())).toEqual({ kind: "exceeded", leftNanoUsd: 50 });
  });

  it("heeds the month's budget too, and tells of the tighter one", async () => {
    const { clock, open } = scene();
    const ledger = await open();
    await spendOn(ledger, 900);
    clock.nowMs = new Date(2026, 10, 22, 12).getTime();
    const limits = { dailyNanoUsd: 1_000, monthlyNanoUsd: 950 };
    expect(await ledger.budget.reserve(request({ limits }))).toEqual({ kind: "exceeded", leftNanoUsd: 50 });
    clock.nowMs = new Date(2026, 11, 1).getTime();
    expect(await ledger.budget.reserve(request({ limits }))).toMatchObject({ kind: "reserved" });
  });

  it("passes soft limits, and counts all the same", async () => {
    const ledger = await scene().open();
    await spendOn(ledger, 1_000);
    await spendOn(ledger, 500, { soft: true });
    expect((await ledger.budget.today()).spentNanoUsd).toBe(1_500);
  });

  it("lets what is free of charge through however much was spent", async () => {
    const ledger = await scene().open();
    await spendOn(ledger, 5_000, { soft: true });
    const free = request({ maximumNanoUsd: 0, minimumNanoUsd: 0 });
    expect(await ledger.budget.reserve(free)).toMatchObject({ kind: "reserved", nanoUsd: 0 });
  });

  it("has no limit where none is set", async () => {
    const ledger = await scene().open();
    await spendOn(ledger, 9e15, { limits: {} });
    expect((await ledger.budget.today()).spentNanoUsd).toBe(9e15);
  });

  it("takes nothing for an amount that is no integer of zero or more", async () => {
    const { budget } = await scene().open();
    for (const wantNanoUsd of [0.5, -1, Number.NaN, 2 ** 53]) {
      await expect(budget.reserve(request({ maximumNanoUsd: wantNanoUsd }))).rejects.toThrow(RangeError);
    }
  });
});

describe("settling", () => {
  it("is done once, however often it is told", async () => {
    const ledger = await scene().open();
    const id = await spendOn(ledger, 70);
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 70 } });
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 90 } });
    await ledger.budget.settle(id, { cost: { kind: "estimated", nanoUsd: 10 } });
    expect(await ledger.budget.today()).toMatchObject({
      spentNanoUsd: 70,
      reservedNanoUsd: 0,
      byModel: [{ ref: "openai/gpt-6-luna", nanoUsd: 70, attempts: 1 }],
    });
  });

  it("replaces an estimate by what it really cost", async () => {
    const ledger = await scene().open();
    const id = await holdOf(ledger);
    await ledger.budget.settle(id, { cost: { kind: "estimated", nanoUsd: 80 } });
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 30 } });
    expect(await ledger.budget.today()).toMatchObject({ spentNanoUsd: 30, byModel: [{ attempts: 1 }] });
  });

  it("counts an attempt of unknown price, in no sum, until its cost is known", async () => {
    const ledger = await scene().open();
    const id = await holdOf(ledger);
    await ledger.budget.settle(id, { cost: { kind: "unknown" } });
    const unknown = [{ nanoUsd: 0, attempts: 1, unknownAttempts: 1 }];
    expect(await ledger.budget.today()).toMatchObject({
      ...{ spentNanoUsd: 0, unknownAttempts: 1 },
      ...{ byModel: unknown },
    });
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 30 } });
    expect(await ledger.budget.today()).toMatchObject({ spentNanoUsd: 30, unknownAttempts: 0 });
  });

  it("writes down more than was held, where a provider took more", async () => {
    const ledger = await scene().open();
    const id = await holdOf(ledger);
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 4_000 } });
    expect((await ledger.budget.today()).spentNanoUsd).toBe(4_000);
  });

  it("is refused for an id that was never reserved", async () => {
    const { budget } = await scene().open();
    await expect(budget.settle("nobody", { cost: { kind: "unknown" } })).rejects.toThrow("nobody");
  });
});

describe("where the file cannot be written", () => {
  /** A process whose disk is full at the test's word. */
  async function onFullDisk(on: Scene) {
    const { database, ...parts } = await on.openParts();
    const told: unknown[] = [];
    const lease = new Lease("full", database, parts.changes, parts.now);
    const onUnwritten = (error: unknown) => void told.push(error);
    const budget = new SqliteBudget({ ...parts, database, lease, dayOf: localDay, onUnwritten });
    const setFull = (full: boolean) => database.read((sql) => sql.script(`PRAGMA query_only = ${full}`));
    return { budget, told, setFull };
  }

  it("what an answer cost stays held, and is settled once that is possible", async () => {
    const on = scene();
    const { budget, told, setFull } = await onFullDisk(on);
    const other = (await on.open()).budget;
    const held = await budget.reserve(request());
    if (held.kind !== "reserved") throw new Error("It was refused.");
    await setFull(true);
    await budget.progress(held.id, 30);
    await budget.settle(held.id, { cost: { kind: "estimated", nanoUsd: 60 } });
    await budget.settle(held.id, { cost: { kind: "exact", nanoUsd: 70 } });
    expect(told).toHaveLength(2);
    expect(told[0]).toBeInstanceOf(LedgerUnwritable);
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

  it("nothing is held, and the words say what to do", async () => {
    const on = scene();
    const { budget, setFull } = await onFullDisk(on);
    await setFull(true);
    await expect(budget.reserve(request())).rejects.toThrow(/ledger\.db\) cannot be written: .*full/);
    expect((await (await on.open()).budget.today()).reservedNanoUsd).toBe(0);
  });

  it("what waits is settled before anything else is reserved", async () => {
    const { budget, setFull } = await onFullDisk(scene());
    const held = await budget.reserve(request({ maximumNanoUsd: 1_000 }));
    if (held.kind !== "reserved") throw new Error("It was refused.");
    await setFull(true);
    await budget.settle(held.id, { cost: { kind: "exact", nanoUsd: 950 } });
    await setFull(false);
    expect(await budget.reserve(request())).toEqual({ kind: "exceeded", leftNanoUsd: 50 });
  });
});

describe("days and sums", () => {
  it("start anew at local midnight", async () => {
    const { clock, open } = scene();
    const ledger = await open();
    clock.nowMs = new Date(2026, 10, 21, 23, 59, 59, 999).getTime();
    await spendOn(ledger, 1_000);
    expect(await ledger.budget.reserve(request())).toMatchObject({ kind: "exceeded" });
    clock.nowMs += 1;
    expect(await ledger.budget.today()).toMatchObject({ period: "2026-11-22", spentNanoUsd: 0 });
    expect(await ledger.budget.reserve(request())).toMatchObject({ kind: "reserved" });
    expect(await ledger.budget.month()).toMatchObject({
      period: "2026-11",
      spentNanoUsd: 1_000,
      reservedNanoUsd: 100,
    });
  });

  it("are told without their parts too", async () => {
    const { clock, open } = scene();
    const ledger = await open();
    await spendOn(ledger, 700);
    clock.nowMs = new Date(2026, 10, 22, 12).getTime();
    await spendOn(await open(), 20);
    await holdOf(ledger);
    expect(await ledger.budget.spent("day")).toBe(20);
    expect(await ledger.budget.spent("month")).toBe(720);
  });

  it("book an attempt to the day on which it was reserved, so that no day exceeds its own budget", async () => {
    const { clock, open } = scene();
    const ledger = await open();
    clock.nowMs = new Date(2026, 10, 21, 23, 59).getTime();
    const id = await holdOf(ledger, { maximumNanoUsd: 1_000 });
    clock.nowMs = new Date(2026, 10, 22, 0, 1).getTime();
    await spendOn(ledger, 1_000);
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 900 } });
    expect((await ledger.budget.today()).spentNanoUsd).toBe(1_000);
    expect((await ledger.budget.month()).spentNanoUsd).toBe(1_900);
  });

  it("lists the spend by model, the most expensive first", async () => {
    const ledger = await scene().open();
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

describe("whatever happens in whatever order, in two processes", () => {
  const amount = fc.nat(400);
  const step = fc.oneof(
    fc.record({ what: fc.constant("reserve" as const), by: fc.nat(1), want: amount, need: amount }),
    fc.record({ what: fc.constant("progress" as const), which: fc.nat(20), part: fc.nat(100) }),
    fc.record({
      what: fc.constant("settle" as const),
      which: fc.nat(20),
      part: fc.nat(100),
      exact: fc.boolean(),
    }),
    fc.record({ what: fc.constant("wait" as const), ms: fc.nat(20 * 3_600_000) }),
  );

  it("no day exceeds its budget, nothing stays held, and the sums are those of the rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, open, raw } = scene();
        const ledgers = [await open(), await open()] as const;
        // What each may cost yet: an estimate frees the rest for others, so the real cost must not be above it.
        const held: { readonly id: string; mostNanoUsd: number }[] = [];
        const pick = (which: number) => held[which % Math.max(1, held.length)];
        for (const one of steps) {
          if (one.what === "wait") clock.nowMs += one.ms;
          else if (one.what === "reserve") {
            const ledger = one.by === 0 ? ledgers[0] : ledgers[1];
            const wish = { maximumNanoUsd: Math.max(one.want, one.need), minimumNanoUsd: one.need };
            const reservation = await ledger.budget.reserve(request(wish));
            if (reservation.kind === "reserved")
              held.push({ id: reservation.id, mostNanoUsd: reservation.nanoUsd });
          } else {
            const reservation = pick(one.which);
            if (reservation === undefined) continue;
            const nanoUsd = Math.floor((reservation.mostNanoUsd * one.part) / 100);
            if (one.what === "progress") await ledgers[0].budget.progress(reservation.id, nanoUsd);
            else {
              const cost = { kind: one.exact ? "exact" : "estimated", nanoUsd } as const;
              await ledgers[0].budget.settle(reservation.id, { cost });
              reservation.mostNanoUsd = nanoUsd;
            }
          }
        }
        for (const { id, mostNanoUsd } of held) {
          await ledgers[1].budget.settle(id, { cost: { kind: "exact", nanoUsd: mostNanoUsd } });
        }
        const db = raw();
        expect(db.prepare("SELECT count(*) AS n FROM reservation").get()).toEqual({ n: 0 });
        expect(db.prepare("SELECT count(*) AS n FROM spend").get()).toEqual({ n: held.length });
        const perDay = "SELECT day, sum(nano) AS nano FROM spend GROUP BY day ORDER BY day";
        const days = db.prepare(perDay).all();
        for (const day of days) expect(day["nano"]).toBeLessThanOrEqual(1_000);
        expect(db.prepare("SELECT day, nano FROM day_total ORDER BY day").all()).toEqual(days);
        expect(
          db.prepare("SELECT day, sum(nano) AS nano FROM total GROUP BY day ORDER BY day").all(),
        ).toEqual(days);
      }),
      // Two that slept together, of which the first to wake wants all that is not spent.
      {
        numRuns: 40,
        examples: [
          [
            [
              { what: "reserve", by: 0, want: 400, need: 0 },
              { what: "reserve", by: 0, want: 400, need: 0 },
              { what: "wait", ms: 60_001 },
              { what: "reserve", by: 1, want: 0, need: 400 },
            ],
          ],
        ],
      },
    );
  }, 60_000);
});
