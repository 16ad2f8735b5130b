import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestLedger, reserveRequest } from "../../../../test/support/ledgers/testLedger.ts";
import { localDay } from "../../../base/time/calendar.ts";
import { SqliteBudget } from "./budget.ts";
import { Lease } from "./lease.ts";

describe("a budget with reservations and settlements in any order, in two processes", () => {
  const amount = fc.nat(400);
  const anyStep = fc.oneof(
    fc.record({ kind: fc.constant("reserve" as const), by: fc.nat(1), maximum: amount, minimum: amount }),
    fc.record({ kind: fc.constant("progress" as const), reservation: fc.nat(20), part: fc.nat(100) }),
    fc.record({
      kind: fc.constant("settle" as const),
      reservation: fc.nat(20),
      part: fc.nat(100),
      exact: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(20 * 3_600_000) }),
  );

  it("exceeds no day's limit, keeps no reservation, and has totals that match the rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
        const { clock, open, raw } = createTestLedger();
        const ledgers = [await open(), await open()] as const;
        // An estimate frees the rest for other requests, so the exact cost must not exceed it.
        const reserved: { readonly id: string; maximumNanoUsd: number }[] = [];
        const pick = (reservation: number) => reserved[reservation % Math.max(1, reserved.length)];
        for (const step of steps) {
          if (step.kind === "wait") clock.nowMs += step.ms;
          else if (step.kind === "reserve") {
            const ledger = step.by === 0 ? ledgers[0] : ledgers[1];
            const amounts = {
              maximumNanoUsd: Math.max(step.maximum, step.minimum),
              minimumNanoUsd: step.minimum,
            };
            const reservation = await ledger.budget.reserve(reserveRequest(amounts));
            if (reservation.kind === "reserved")
              reserved.push({ id: reservation.id, maximumNanoUsd: reservation.nanoUsd });
          } else {
            const reservation = pick(step.reservation);
            if (reservation === undefined) continue;
            const nanoUsd = Math.floor((reservation.maximumNanoUsd * step.part) / 100);
            if (step.kind === "progress") await ledgers[0].budget.progress(reservation.id, nanoUsd);
            else {
              const cost = { kind: step.exact ? "exact" : "estimated", nanoUsd } as const;
              await ledgers[0].budget.settle(reservation.id, cost);
              reservation.maximumNanoUsd = nanoUsd;
            }
          }
        }
        for (const { id, maximumNanoUsd } of reserved) {
          await ledgers[1].budget.settle(id, { kind: "exact", nanoUsd: maximumNanoUsd });
        }
        const db = raw();
        expect(db.prepare("SELECT count(*) AS n FROM reservation").get()).toEqual({ n: 0 });
        expect(db.prepare("SELECT count(*) AS n FROM spend").get()).toEqual({ n: reserved.length });
        const perDay = "SELECT day, sum(nano) AS nano FROM spend GROUP BY day ORDER BY day";
        const days = db.prepare(perDay).all();
        for (const day of days) expect(day["nano"]).toBeLessThanOrEqual(1_000);
        expect(db.prepare("SELECT day, nano FROM day_total ORDER BY day").all()).toEqual(days);
        expect(
          db.prepare("SELECT day, sum(nano) AS nano FROM total GROUP BY day ORDER BY day").all(),
        ).toEqual(days);
      }),
      // Both slept, and the first to wake reserves all that is not spent.
      {
        numRuns: 40,
        examples: [
          [
            [
              { kind: "reserve", by: 0, maximum: 400, minimum: 0 },
              { kind: "reserve", by: 0, maximum: 400, minimum: 0 },
              { kind: "wait", ms: 60_001 },
              { kind: "reserve", by: 1, maximum: 0, minimum: 400 },
            ],
          ],
        ],
      },
    );
  }, 60_000);
});

describe("a window that slept, with other windows in any order", () => {
  const amount = fc.nat(100);
  const anyStep = fc.oneof(
    fc.record({ kind: fc.constant("progress" as const), nanoUsd: amount }),
    fc.record({ kind: fc.constant("estimate" as const), nanoUsd: amount }),
    fc.constant({ kind: "settle" as const }),
    fc.constant({ kind: "renew" as const }),
    fc.constant({ kind: "another window" as const }),
    fc.record({ kind: fc.constant("sleep" as const), seconds: fc.nat(200) }),
  );

  it("counts an attempt once, at its exact cost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 15 }), fc.nat(100), async (steps, realNanoUsd) => {
        const testLedger = createTestLedger();
        const parts = await testLedger.openParts();
        const lease = new Lease("sleeper", parts.database, parts.changes, parts.now);
        const budget = new SqliteBudget({ ...parts, lease, dayOf: localDay });
        const reservation = await budget.reserve(reserveRequest());
        if (reservation.kind !== "reserved") throw new Error("The reservation was refused.");
        const settle = () => budget.settle(reservation.id, { kind: "exact", nanoUsd: realNanoUsd });
        for (const step of steps) {
          if (step.kind === "sleep") testLedger.clock.nowMs += step.seconds * 1000;
          if (step.kind === "renew") await lease.tick();
          if (step.kind === "another window") await (await testLedger.open()).close();
          if (step.kind === "progress") await budget.progress(reservation.id, step.nanoUsd);
          if (step.kind === "settle") await settle();
          if (step.kind === "estimate") {
            await budget.settle(reservation.id, { kind: "estimated", nanoUsd: step.nanoUsd });
          }
          const { reservedNanoUsd, byModel } = await budget.today();
          // Either reserved or settled, and never twice.
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
