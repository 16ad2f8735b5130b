import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dot, dotsWith, normalize } from "./vectors.ts";

const component = fc.float({ min: -1000, max: 1000, noNaN: true });
const vector = (length: number) =>
  fc.array(component, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));

describe("dotsWith", () => {
  it("returns the dot product with each vector of a row, for vectors of any length", () => {
    const vectors = fc
      .record({ length: fc.integer({ min: 1, max: 19 }), fours: fc.integer({ min: 0, max: 3 }) })
      .chain(({ length, fours }) =>
        fc.array(vector(length), { minLength: 4 * fours + 1, maxLength: 4 * fours + 1 }),
      );
    fc.assert(
      fc.property(vectors, ([query = new Float32Array(), ...rows]) => {
        const row = Float64Array.from(rows.flatMap((each) => [...each]));
        const plain = rows.map((each) => query.reduce((sum, value, at) => sum + value * (each[at] ?? 0), 0));
        const products = dotsWith(new Float64Array(query), row);
        expect(products.length).toBe(plain.length);
        for (const [at, product] of plain.entries()) expect(products[at]).toBeCloseTo(product, 4);
      }),
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
