import { beforeAll, describe, expect, it } from "vitest";
import { DATA_DIR } from "../../../test/support/embeddingReference.ts";
import { type BuiltInEmbedder, loadBuiltIn } from "../../embedding/builtIn.ts";
import type { Route } from "../../settings/schema.ts";
import { createExampleIndex } from "./exampleIndex.ts";
import { derivedThreshold, leaveOneOutScores } from "./threshold.ts";

let embedder: BuiltInEmbedder;
beforeAll(async () => {
  embedder = await loadBuiltIn(DATA_DIR);
});

function route(name: string, examples: readonly string[]): Route {
  return { name, models: [{ model: "openai/gpt-6-luna" }], pick: "first", localOnly: false, examples };
}

describe("the derived threshold", () => {
  const axes = [Float32Array.of(1, 0), Float32Array.of(1, 0), Float32Array.of(0, 1)];

  it("is 0.38 for a route with fewer than three examples, whose scores do not count", () => {
    expect(derivedThreshold(2, [0.9, 0.9, 0.9])).toBe(0.38);
    expect(leaveOneOutScores(["a", "b"], axes.slice(0, 2))).toEqual([]);
  });

  it("is derived from the score of each example for its route without it", () => {
    const [a = 0, b = 0, c = 0] = leaveOneOutScores(["a", "b", "c"], axes);
    expect(a).toBeCloseTo(0.5 * Math.SQRT1_2 + 0.5 * 1);
    expect(b).toBeCloseTo(a);
    expect(c).toBeCloseTo(0);
  });

  it("is half the 10 % quantile of the scores plus 0.19, between 0.32 and 0.55", () => {
    expect(derivedThreshold(3, [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1, 1, 1])).toBeCloseTo(
      0.5 * 0.4 + 0.19,
    );
    expect(derivedThreshold(3, [0.4, 0.5])).toBeCloseTo(0.5 * 0.41 + 0.19);
    expect(derivedThreshold(3, [0, 0, 0])).toBe(0.32);
    expect(derivedThreshold(3, [1, 1, 1])).toBe(0.55);
  });

  it("is the same for all routes with three examples or more", () => {
    const index = createExampleIndex(
      [
        route("A", ["Write a story", "Compose a poem", "Write a song"]),
        route("B", ["Fix the failing test", "Repair the build", "Debug this crash"]),
        route("C", ["Who is he?"]),
      ],
      embedder.embedSync,
    );
    const [a, b, c] = index.routes.map(({ threshold }) => threshold);
    expect(a).toBe(b);
    expect(c).toBe(0.38);
  });

  it("uses at most a hundred examples of a route, the same ones in any order", () => {
    const names = Array.from({ length: 350 }, (_, at) => `example number ${at}`);
    const forward = leaveOneOutScores(names, embedder.embedSync(names));
    const backward = leaveOneOutScores(names.toReversed(), embedder.embedSync(names.toReversed()));
    expect(forward).toHaveLength(100);
    for (const [at, score] of forward.entries()) expect(backward[at]).toBeCloseTo(score, 6);
  });
});
