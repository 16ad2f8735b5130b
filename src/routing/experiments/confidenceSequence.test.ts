import { describe, expect, it } from "vitest";
import {
  type Arms,
  BURN_IN,
  differenceInterval,
  meanInterval,
  merge,
  NO_VALUES,
  type RunningStats,
  statsOf,
  unitsUntilDecided,
  varianceOf,
} from "./confidenceSequence.ts";

const RANGE = { low: 0, high: 1 };

function excludesZero(arms: Arms): boolean {
  const interval = differenceInterval(arms);
  return interval !== undefined && (interval.low > 0 || interval.high < 0);
}

function repeat(value: number, times: number): readonly number[] {
  return new Array<number>(times).fill(value);
}

describe("the interval of a difference", () => {
  it("is undefined before the burn-in of each arm", () => {
    const many = statsOf([...repeat(1, 500), 0]);
    const few = statsOf(repeat(0, BURN_IN - 1));
    expect(differenceInterval({ control: many, treatment: few, range: RANGE })).toBeUndefined();
    expect(meanInterval(few, { control: many, treatment: few, range: RANGE })).toBeUndefined();
    expect(unitsUntilDecided({ control: many, treatment: few, range: RANGE })).toBeUndefined();
  });

  it("is wide and contains zero if a few equal values are all there is", () => {
    const arms = { control: statsOf(repeat(1, 12)), treatment: statsOf(repeat(1, 12)), range: RANGE };
    const { low, high } = differenceInterval(arms) ?? { low: 0, high: 0 };
    expect(low).toBeLessThan(-0.2);
    expect(high).toBeGreaterThan(0.2);
    expect(meanInterval(arms.control, arms)).toMatchObject({ high: 1 });
    expect(meanInterval(arms.control, arms)?.low).toBeLessThan(0.8);
  });

  it("is undefined if all values of an unbounded metric are equal", () => {
    const arms = { control: statsOf(repeat(0, 50)), treatment: statsOf(repeat(0, 50)) };
    expect(differenceInterval(arms)).toBeUndefined();
    expect(unitsUntilDecided(arms)).toBeUndefined();
  });

  it("excludes zero for two different constant costs", () => {
    const arms = { control: statsOf(repeat(0.02, 12)), treatment: statsOf(repeat(0, 12)) };
    expect(differenceInterval(arms)?.high).toBeLessThan(0);
  });

  it("equals the paper's formula: 100 units, a variance of 1 in each arm, a difference of ½", () => {
    const arm = (mean: number): RunningStats => ({ count: 50, mean, squaredDeviations: 49 });
    const rhoSquared = (5.991465 + Math.log(6.991465)) / 200;
    const x = 100 * rhoSquared;
    const variance = (98 + 0.5 ** 2 * 25) / 99; // of both arms together, which is the larger
    const margin =
      Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / 0.05)) * Math.sqrt((2 * variance) / 50);
    const { low, high } = differenceInterval({ control: arm(1), treatment: arm(1.5) }) ?? { low: 0, high: 0 };
    expect(low).toBeCloseTo(0.5 - margin, 6);
    expect(high).toBeCloseTo(0.5 + margin, 6);
  });
});

describe("unitsUntilDecided", () => {
  it("estimates the units until the interval of the present difference excludes zero", () => {
    const arm = (mean: number, count: number): RunningStats => ({ count, mean, squaredDeviations: count });
    const more = unitsUntilDecided({ control: arm(1, 50), treatment: arm(1.3, 50) });
    expect(more).toBeGreaterThan(100);
    const each = Math.ceil((100 + (more ?? 0)) / 2);
    expect(excludesZero({ control: arm(1, each + 5), treatment: arm(1.3, each + 5) })).toBe(true);
    expect(excludesZero({ control: arm(1, each - 5), treatment: arm(1.3, each - 5) })).toBe(false);
  });

  it("is 0 for a decided experiment, and undefined without a difference", () => {
    const arm = (mean: number): RunningStats => ({ count: 500, mean, squaredDeviations: 500 });
    expect(unitsUntilDecided({ control: arm(1), treatment: arm(3) })).toBe(0);
    expect(unitsUntilDecided({ control: arm(1), treatment: arm(1) })).toBeUndefined();
  });
});

describe("running statistics", () => {
  it("contain the mean and the sample variance", () => {
    const stats = statsOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(stats).toMatchObject({ count: 8, mean: 5 });
    expect(varianceOf(stats)).toBeCloseTo(32 / 7, 12);
  });

  it("have no variance for fewer than two values", () => {
    expect(varianceOf(NO_VALUES)).toBe(0);
    expect(varianceOf(statsOf([3]))).toBe(0);
  });

  it("are precise for a small variance around a large mean", () => {
    expect(varianceOf(statsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]))).toBeCloseTo(30, 6);
  });

  it("merge to the statistics of all values", () => {
    const [one, other] = [
      [1, 5, 2],
      [8, 8, 0.5, 3],
    ];
    const both = merge(statsOf(one ?? []), statsOf(other ?? []));
    const all = statsOf([...(one ?? []), ...(other ?? [])]);
    expect(both.count).toBe(all.count);
    expect(both.mean).toBeCloseTo(all.mean, 12);
    expect(both.squaredDeviations).toBeCloseTo(all.squaredDeviations, 12);
    expect(merge(NO_VALUES, NO_VALUES)).toEqual(NO_VALUES);
  });
});
