import { beforeAll, describe, expect, it } from "vitest";
import { DATA_DIR } from "../../../test/support/routing/embeddingReference.ts";
import { type BuiltInEmbedder, loadBuiltIn } from "../../embedding/builtIn.ts";
import { derivedThreshold, leaveOneOutScores } from "./threshold.ts";

let embedder: BuiltInEmbedder;
beforeAll(async () => {
  embedder = await loadBuiltIn(DATA_DIR);
});

describe("the derived threshold", () => {
  /** Median 0.2, third quartile 0.3. */
  const generic = [[0, 0.1, 0.2, 0.3, 0.9]];

  it("is above 91 % of generic scores, whatever the ones like the route are", () => {
    expect(derivedThreshold([], generic, "normal")).toBeCloseTo(0.2 + 2 * 0.1);
    expect(derivedThreshold([], [[0, 0.1, 0.2, 0.3, 0.31]], "normal")).toBeCloseTo(0.2 + 2 * 0.1);
  });

  it("is higher if the examples are more like each other, and the more of them there are, up to five", () => {
    expect(derivedThreshold([0.8, 0.8, 0.8], generic, "normal")).toBeCloseTo(0.425);
    expect(derivedThreshold([0.8, 0.8, 0.8, 0.8], generic, "normal")).toBeCloseTo(0.467);
    expect(derivedThreshold(Array(5).fill(0.8), generic, "normal")).toBeCloseTo(0.5);
    expect(derivedThreshold(Array(20).fill(0.8), generic, "normal")).toBeCloseTo(0.5);
    expect(derivedThreshold([0.3, 0.3, 0.3, 0.3], generic, "normal")).toBeCloseTo(0.4);
  });

  it("is lower for “loose” and higher for “strict”, with few and with many examples", () => {
    for (const own of [[], [0.8, 0.8, 0.8], Array(50).fill(0.8)]) {
      const normal = derivedThreshold(own, generic, "normal");
      expect(derivedThreshold(own, generic, "loose")).toBeLessThan(normal);
      expect(derivedThreshold(own, generic, "strict")).toBeGreaterThan(normal);
    }
  });

  it("follows an embedder whose scores are all high", () => {
    const shifted = generic.map((scores) => scores.map((score) => 0.7 + score / 5));
    expect(derivedThreshold([], shifted, "normal")).toBeCloseTo(0.7 + 0.4 / 5);
  });

  it("is that of the language with the highest, from 0.1 to 1", () => {
    expect(derivedThreshold([], [[0, 0, 0], ...generic], "normal")).toBeCloseTo(0.4);
    expect(derivedThreshold([], [[0, 0, 0]], "normal")).toBe(0.1);
    expect(derivedThreshold([], [[0.5, 0.9, 1]], "strict")).toBe(1);
  });

  it("is derived from the score of each example for its route without it, if there are three", () => {
    const axes = [Float32Array.of(1, 0), Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const [a = 0, b = 0, c = 0] = leaveOneOutScores(["a", "b", "c"], axes);
    // Half the cosine to the mean of the two others, half the soft maximum of the cosines 1 and 0.
    expect(a).toBeCloseTo(0.5 * Math.SQRT1_2 + 0.5 * 0.25 * Math.log((Math.exp(4) + 1) / 2));
    expect(b).toBeCloseTo(a);
    expect(c).toBeCloseTo(0);
    expect(leaveOneOutScores(["a", "b"], axes.slice(0, 2))).toEqual([]);
  });

  it("uses at most a hundred examples of a route, the same ones in any order", () => {
    const names = Array.from({ length: 350 }, (_, at) => `example number ${at}`);
    const forward = leaveOneOutScores(names, embedder.embedSync(names));
    const backward = leaveOneOutScores(names.toReversed(), embedder.embedSync(names.toReversed()));
    expect(forward).toHaveLength(100);
    for (const [at, score] of forward.entries()) expect(backward[at]).toBeCloseTo(score, 6);
  });
});
