import { expect, it } from "vitest";
import { weightedQuantile } from "./weightedQuantile.ts";

const points = (...values: readonly number[]) => values.map((value) => ({ value, weight: 1 }));

it("is the median for equal weights", () => {
  expect(weightedQuantile(points(3, 1, 2), 0.5)).toBe(2);
  expect(weightedQuantile(points(4, 1, 2, 3), 0.5)).toBe(2.5);
});

it("follows the weights, and is never outside of the values", () => {
  const skewed = [
    { value: 1, weight: 9 },
    { value: 100, weight: 1 },
  ];
  expect(weightedQuantile(skewed, 0.45)).toBe(1);
  expect(weightedQuantile(skewed, 0.95)).toBe(100);
  expect([0, 1].map((q) => weightedQuantile(points(5, 7), q))).toEqual([5, 7]);
});

it("is undefined without values, or if none has a weight", () => {
  expect(weightedQuantile([], 0.5)).toBeUndefined();
  expect(weightedQuantile([{ value: 1, weight: 0 }], 0.5)).toBeUndefined();
});
