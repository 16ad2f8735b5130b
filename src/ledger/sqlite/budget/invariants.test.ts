import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestLedger, reserveRequest } from "../../../../test/support/testLedger.ts";
import { localDay } from "../../../base/calendar.ts";
import { SqliteBudget } from "./budget.ts";
import { Lease } from "./lease.ts";

describe("reservations and settlements in any order, in two processes", () => {
  const amount = fc.nat(400);
  const step = fc.oneof(
    fc.record({ what: fc.constant("reserve" as const), by: fc.nat(1), maximum: amount, minimum: amount }),
    fc.record({ what: fc.constant("progress" as const), which: fc.nat(20), part: fc.nat(100) }),
    fc.record({
      what: fc.constant("settle" as const),
      which: fc.nat(20),
      part: fc.nat(100),
      exact: fc.boolean(),
    }),
    fc.record({ what: fc.constant("wait" as const), ms: fc.nat(20 * 3_600_000) }),
  );

  it("no day exceeds its budget, no reservation is left, and the totals match the rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { clock, open, raw } = createTestLedger();
        const ledgers = [await open(), await open()] as const;
        // The most that each can cost: an estimate frees the rest for others, so the exact cost must not exceed it.
        const reserved: { readonly id: string; mostNanoUsd: number }[] = [];
        const pick = (which: number) => reserved[which % Math.max(1, reserved.length)];
        for (const one of steps) {
          if (one.what === "wait") clock.nowMs += one.ms;
          else if (one.what === "reserve") {
            const ledger = one.by === 0 ? ledgers[0] : ledgers[1];
            const amounts = {
              maximumNanoUsd: Math.max(one.maximum, one.minimum),
              minimumNanoUsd: one.minimum,
            };
            const reservation = await ledger.budget.reserve(reserveRequest(amounts));
            if (reservation.kind === "reserved")
              reserved.push({ id: reservation.id, mostNanoUsd: reservation.nanoUsd });
          } else {
            const reservation = pick(one.which);
            if (reservation === undefined) continue;
            const nanoUsd = Math.floor((reservation.mostNanoUsd * one.part) / 100);
            if (one.what === "progress") await ledgers[0].budget.progress(reservation.id, nanoUsd);
            else {
              const cost = { kind: one.exact ? "exact" : "estimated", nanoUsd } as const;
              await ledgers[0].budget.settle(reservation.id, cost);
              reservation.mostNanoUsd = nanoUsd;
            }
          }
        }
        for (const { id, mostNanoUsd } of reserved) {
          await ledgers[1].budget.settle(id, { kind: "exact", nanoUsd: mostNanoUsd });
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
              { what: "reserve", by: 0, maximum: 400, minimum: 0 },
              { what: "reserve", by: 0, maximum: 400, minimum: 0 },
              { what: "wait", ms: 60_001 },
              { what: "reserve", by: 1, maximum: 0, minimum: 400 },
            ],
          ],
        ],
      },
    );
  }, 60_000);
});

describe("a computer that slept, with its windows in any order", () => {
  const amount = fc.nat(100);
  const turn = fc.oneof(
    fc.record({ what: fc.constant("progress" as const), nanoUsd: amount }),
    fc.record({ what: fc.constant("estimate" as const), nanoUsd: amount }),
    fc.constant({ what: "settle" as const }),
    fc.constant({ what: "renew" as const }),
    fc.constant({ what: "another window" as const }),
    fc.record({ what: fc.constant("sleep" as const), seconds: fc.nat(200) }),
  );

  it("counts an attempt once, at its exact cost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 15 }), fc.nat(100), async (turns, realNanoUsd) => {
        const on = createTestLedger();
        const parts = await on.openParts();
        const lease = new Lease("sleeper", parts.database, parts.changes, parts.now);
        const budget = new SqliteBudget({ ...parts, lease, dayOf: localDay });
        const reservation = await budget.reserve(reserveRequest());
        if (reservation.kind !== "reserved") throw new Error("The reservation was refused.");
        const settle = () => budget.settle(reservation.id, { kind: "exact", nanoUsd: realNanoUsd });
        for (const one of turns) {
          if (one.what === "sleep") on.clock.nowMs += one.seconds * 1000;
          if (one.what === "renew") await lease.tick();
          if (one.what === "another window") await (await on.open()).close();
          if (one.what === "progress") await budget.progress(reservation.id, one.nanoUsd);
          if (one.what === "settle") await settle();
          if (one.what === "estimate") {
            await budget.settle(reservation.id, { kind: "estimated", nanoUsd: one.nanoUsd });
          }
          const { reservedNanoUsd, byModel } = await budget.today();
          // Reserved or booked: never both, and never twice.
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
