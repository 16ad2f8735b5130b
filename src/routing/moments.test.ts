import { expect, it } from "vitest";
import { momentsOf, NO_VALUES, together, varianceOf } from "./moments.ts";

it("knows the mean and the sample variance", () => {
  const moments = momentsOf([2, 4, 4, 4, 5, 5, 7, 9]);
  expect(moments).toMatchObject({ count: 8, mean: 5 });
  expect(varianceOf(moments)).toBeCloseTo(32 / 7, 12);
});

it("has no variance below two values", () => {
  expect(varianceOf(NO_VALUES)).toBe(0);
  expect(varianceOf(momentsOf([3]))).toBe(0);
});

it("keeps a small variance beside a large mean", () => {
  expect(varianceOf(momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]))).toBeCloseTo(30, 6);
});

it("adds two lots as if they had been one", () => {
  const [one, other] = [
    [1, 5, 2],
    [8, 8, 0.5, 3],
  ];
  const both = together(momentsOf(one ?? []), momentsOf(other ?? []));
  const all = momentsOf([...(one ?? []), ...(other ?? [])]);
  expect(both.count).toBe(all.count);
  expect(both.mean).toBeCloseTo(all.mean, 12);
  expect(both.deviations).toBeCloseTo(all.deviations, 12);
  expect(together(NO_VALUES, NO_VALUES)).toEqual(NO_VALUES);
});
