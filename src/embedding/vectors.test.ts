import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dot, dotAt, normalize } from "./vectors.ts";

const component = fc.float({ min: -1000, max: 1000, noNaN: true });
const vector = (length: number) =>
  fc.array(component, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));

describe("dotAt", () => {
  it("returns what the plain loop returns, for vectors of any length", () => {
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
});

describe("normalize", () => {
  it("makes the dot product a cosine: from -1 to 1, and 1 for a vector and itself", () => {
    fc.assert(
      fc.property(vector(7), vector(7), (a, b) => {
        expect(Math.abs(dot(normalize(a), normalize(b)))).toBeLessThanOrEqual(1 + 1e-6);
        if (a.some((value) => Math.abs(value) > 1e-3)) {
          expect(dot(normalize(a), normalize(a))).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it("returns vectors of length 1, or zeros for a vector without a direction", () => {
    expect([...normalize(Float32Array.of(3, 4))]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    expect([...normalize(Float32Array.of(0, 0))]).toEqual([0, 0]);
    expect([...normalize(Float32Array.of(Number.NaN, 1))]).toEqual([0, 0]);
    expect(dot(normalize(Float32Array.of(0, 0)), Float32Array.of(1, 0))).toBe(0);
  });
});
