import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdOf, request, scene } from "../../../../test/support/testLedger.ts";
import { lowered, raised } from "./overrun.ts";

describe("a model that took more than its limits allow", () => {
  /** It was held 100 and took 150. */
  async function overrun() {
    const on = scene();
    const ledger = await on.open();
    const id = await holdOf(ledger);
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 150 } });
    return { on, ledger };
  }

  it("is recorded and told of, and counts with all that it took", async () => {
    const { on, ledger } = await overrun();
    const told = { overruns: [{ ref: "openai/gpt-6-luna", factor: 1.5 }], spentNanoUsd: 150 };
    expect(await ledger.budget.today()).toMatchObject(told);
    expect(await ledger.budget.month()).toMatchObject(told);
    on.clock.nowMs += 2 * 86_400_000;
    expect((await ledger.budget.today()).overruns).toBeUndefined();
  });

  it("has more held for it from then on, in every process, so that the budget holds all the same", async () => {
    const { on } = await overrun();
    const { budget } = await on.open();
    expect(await budget.reserve(request({ maximumNanoUsd: 200 }))).toMatchObject({
      kind: "reserved",
      nanoUsd: 200,
    });
    expect((await budget.today()).reservedNanoUsd).toBe(300);
    const other = request({ ref: "openai/other", maximumNanoUsd: 200 });
    expect(await budget.reserve(other)).toMatchObject({ kind: "reserved", nanoUsd: 200 });
    expect((await budget.today()).reservedNanoUsd).toBe(500);
    // 350 are left of 1,000: as much as 233 may take.
    const rest = request({ maximumNanoUsd: 300, minimumNanoUsd: 200 });
    expect(await budget.reserve(rest)).toMatchObject({ kind: "reserved", nanoUsd: 233 });
  });

  it("is refused where what it may take does not fit, with what would", async () => {
    const { ledger } = await overrun();
    const { budget } = ledger;
    const refused = { kind: "exceeded", leftNanoUsd: 566 };
    expect(await budget.reserve(request({ maximumNanoUsd: 600, minimumNanoUsd: 600 }))).toEqual(refused);
    expect(await budget.reserve(request({ maximumNanoUsd: 566, minimumNanoUsd: 566 }))).toMatchObject({
      kind: "reserved",
      nanoUsd: 566,
    });
  });

  it("that takes still more has still more held, up to ten times", async () => {
    const { ledger } = await overrun();
    const id = await holdOf(ledger);
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 300 } });
    expect((await ledger.budget.today()).overruns).toMatchObject([{ factor: 3 }]);
    const again = await holdOf(ledger);
    await ledger.budget.settle(again, { cost: { kind: "exact", nanoUsd: 1e9 } });
    expect((await ledger.budget.today()).overruns).toMatchObject([{ factor: 10 }]);
  });
});

it("a model that keeps to its limits, or whose cost is only estimated, has no more held for it", async () => {
  const { budget } = await scene().open();
  for (const cost of [
    { kind: "exact", nanoUsd: 100 },
    { kind: "estimated", nanoUsd: 150 },
  ] as const) {
    const held = await budget.reserve(request());
    if (held.kind === "reserved") await budget.settle(held.id, { cost });
  }
  expect((await budget.today()).overruns).toBeUndefined();
});

it("what fits into a hold is never raised above it", () => {
  const amount = fc.integer({ min: 0, max: 9e15 });
  const permille = fc.integer({ min: 1000, max: 10_000 });
  fc.assert(
    fc.property(amount, permille, (hold, by) => {
      expect(raised(lowered(hold, by), by)).toBeLessThanOrEqual(hold);
      expect(lowered(hold, 1000)).toBe(hold);
    }),
  );
});
