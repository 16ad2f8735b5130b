import { describe, expect, it } from "vitest";
import { type Arms, BURN_IN, differenceOf, meanIn, unitsToTell } from "./confidenceSequence.ts";
import { type Moments, momentsOf } from "./moments.ts";

const RANGE = { low: 0, high: 1 };

function excludesZero(arms: Arms): boolean {
  const interval = differenceOf(arms);
  return interval !== undefined && (interval.low > 0 || interval.high < 0);
}

function repeat(value: number, times: number): readonly number[] {
  return new Array<number>(times).fill(value);
}

describe("the interval", () => {
  it("is none before each arm has its burn-in", () => {
    const many = momentsOf([...repeat(1, 500), 0]);
    const few = momentsOf(repeat(0, BURN_IN - 1));
    expect(differenceOf({ control: many, treatment: few, range: RANGE })).toBeUndefined();
    expect(meanIn(few, { control: many, treatment: few, range: RANGE })).toBeUndefined();
    expect(unitsToTell({ control: many, treatment: few, range: RANGE })).toBeUndefined();
  });

  it("is wide where a few scores are all the same, and lies about no difference", () => {
    const arms = { control: momentsOf(repeat(1, 12)), treatment: momentsOf(repeat(1, 12)), range: RANGE };
    const { low, high } = differenceOf(arms) ?? { low: 0, high: 0 };
    expect(low).toBeLessThan(-0.2);
    expect(high).toBeGreaterThan(0.2);
    expect(meanIn(arms.control, arms)).toMatchObject({ high: 1 });
    expect(meanIn(arms.control, arms)?.low).toBeLessThan(0.8);
  });

  it("is none where no two values of an unbounded metric differ", () => {
    const arms = { control: momentsOf(repeat(0, 50)), treatment: momentsOf(repeat(0, 50)) };
    expect(differenceOf(arms)).toBeUndefined();
    expect(unitsToTell(arms)).toBeUndefined();
  });

  it("tells two costs apart that never vary", () => {
    const arms = { control: momentsOf(repeat(0.02, 12)), treatment: momentsOf(repeat(0, 12)) };
    expect(differenceOf(arms)?.high).toBeLessThan(0);
  });

  it("is the paper's, by hand: 100 units, a variance of 1 in each arm, a difference of ½", () => {
    const arm = (mean: number): Moments => ({ count: 50, mean, deviations: 49 });
    const rhoSquared = (5.991465 + Math.log(6.991465)) / 200;
    const x = 100 * rhoSquared;
    const variance = (98 + 0.5 ** 2 * 25) / 99; // of both arms together, which is the larger
    const margin =
      Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / 0.05)) * Math.sqrt((2 * variance) / 50);
    const { low, high } = differenceOf({ control: arm(1), treatment: arm(1.5) }) ?? { low: 0, high: 0 };
    expect(low).toBeCloseTo(0.5 - margin, 6);
    expect(high).toBeCloseTo(0.5 + margin, 6);
  });
});

describe("what it would take", () => {
  it("is the number of units after which the present difference is told from none", () => {
    const arm = (mean: number, count: number): Moments => ({ count, mean, deviations: count });
    const more = unitsToTell({ control: arm(1, 50), treatment: arm(1.3, 50) });
    expect(more).toBeGreaterThan(100);
    const each = Math.ceil((100 + (more ?? 0)) / 2);
    expect(excludesZero({ control: arm(1, each + 5), treatment: arm(1.3, each + 5) })).toBe(true);
    expect(excludesZero({ control: arm(1, each - 5), treatment: arm(1.3, each - 5) })).toBe(false);
  });

  it("is nothing where it is told already, and nobody's guess where there is no difference", () => {
    const arm = (mean: number): Moments => ({ count: 500, mean, deviations: 500 });
    expect(unitsToTell({ control: arm(1), treatment: arm(3) })).toBe(0);
    expect(unitsToTell({ control: arm(1), treatment: arm(1) })).toBeUndefined();
  });
});
