import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cosine, dotAt, meanDirection, normalised } from "./vector.ts";

const component = fc.float({ min: -1000, max: 1000, noNaN: true });
const vector = (length: number) =>
  fc.array(component, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));

describe("vectors", () => {
  it("of any length have the dot product that the plain loop gives", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 19 }).chain((length) => fc.tuple(vector(length), vector(length + 3))),
        ([a, row]) => {
          const plain = a.reduce((sum, value, at) => sum + value * (row[at + 3] ?? 0), 0);
          expect(dotAt(a, row, 3)).toBeCloseTo(plain, 4);
        },
      ),
    );
  });

  it("have a cosine from -1 to 1, and of 1 with themselves", () => {
    fc.assert(
      fc.property(vector(7), vector(7), (a, b) => {
        expect(Math.abs(cosine(a, b))).toBeLessThanOrEqual(1);
        if (a.some((value) => Math.abs(value) > 1e-3)) expect(cosine(a, a)).toBeCloseTo(1, 6);
      }),
    );
  });

  it("of different lengths, and zero vectors, are like nothing", () => {
    expect(cosine(Float32Array.of(1, 0), Float32Array.of(1))).toBe(0);
    expect(cosine(Float32Array.of(0, 0), Float32Array.of(1, 0))).toBe(0);
  });

  it("come out at length 1, or as zeros where there is no direction", () => {
    expect([...normalised(Float32Array.of(3, 4))]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    expect([...normalised(Float32Array.of(0, 0))]).toEqual([0, 0]);
    expect([...normalised(Float32Array.of(Number.NaN, 1))]).toEqual([0, 0]);
    expect([...meanDirection([Float32Array.of(2, 0), Float32Array.of(-2, 0)])]).toEqual([0, 0]);
    expect([...meanDirection([Float32Array.of(2, 0), Float32Array.of(0, 2)])]).toEqual(
      Array(2).fill(Math.fround(Math.SQRT1_2)),
    );
    expect([...meanDirection([])]).toEqual([]);
  });
});
