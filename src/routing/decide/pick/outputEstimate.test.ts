import { describe, expect, it } from "vitest";
import { card } from "../../../../test/support/routing/worlds.ts";
import type { AnswerLength } from "../../../contract/history.ts";
import { outputEstimator } from "./outputEstimate.ts";

const ONE = card("p/one");
const TWO = card("p/two");
const task = { route: "R", command: undefined, level: "medium" } as const;

function answers(count: number, known: Partial<AnswerLength> = {}): readonly AnswerLength[] {
  return Array.from({ length: count }, () => ({
    ...{ route: "R", ref: "p/one", characters: 1000, outputTokens: 2000 },
    ...known,
  }));
}

function estimate(list: readonly AnswerLength[], characters = 1000, model = ONE) {
  const { tokensOf, rangeOf } = outputEstimator(list, task, characters);
  return { middle: tokensOf(model), ...rangeOf(model) };
}

describe("the expected length of an answer", () => {
  it("is assumed by command and complexity without own answers, in a wide range", () => {
    const of = (command: string | undefined, level: "low" | "high") => {
      const { tokensOf, rangeOf } = outputEstimator([], { route: "R", command, level }, 1000);
      return { middle: tokensOf(ONE), ...rangeOf(ONE) };
    };
    expect(of(undefined, "low").middle).toBeLessThan(of(undefined, "high").middle / 2);
    expect(of("tests", "low")).toEqual(of("tests", "high"));
    expect(of("ask", "low").high).toBeGreaterThan(of("ask", "low").low * 10);
  });

  it("is longer for a model that reasons before every answer", () => {
    const reasoning = card("p/thinks", { capabilities: ["reasoning"], samplingParams: false });
    expect(estimate([], 1000, reasoning).middle).toBeGreaterThan(2 * estimate([]).middle);
  });

  it("follows own answers, and its range narrows as they agree", () => {
    const widths = [0, 4, 12, 40].map((count) => {
      const { low, high } = estimate(answers(count));
      return high / low;
    });
    expect(widths.toSorted((a, b) => b - a)).toEqual(widths);
    expect(widths.at(-1)).toBeLessThan(1.2);
    expect(estimate(answers(4)).middle).toBe(2000);
  });

  it("contains nine of ten answers that differ", () => {
    const list = Array.from({ length: 100 }, (_, at) => answers(1, { outputTokens: 100 + 10 * at })).flat();
    const { low, high } = estimate(list);
    const inside = list.filter(({ outputTokens }) => low <= outputTokens && outputTokens <= high);
    expect(inside.length).toBeGreaterThanOrEqual(90);
    expect(inside.length).toBeLessThanOrEqual(98);
  });

  it("is that of the model, and of the route, as soon as they have answers", () => {
    const both = [
      ...answers(20, { outputTokens: 200 }),
      ...answers(20, { ref: "p/two", outputTokens: 5000 }),
    ];
    expect(estimate(both).middle).toBe(200);
    expect(estimate(both, 1000, TWO).middle).toBe(5000);
    const routes = [
      ...answers(20, { outputTokens: 200 }),
      ...answers(20, { route: "S", outputTokens: 5000 }),
    ];
    expect(estimate(routes).middle).toBe(200);
    expect(estimate(answers(20, { ref: "p/two", outputTokens: 50 })).middle).toBeLessThan(100);
  });

  it("has a range that the lengths of other models do not widen", () => {
    const own = [180, 190, 200, 210, 220].flatMap((outputTokens) => answers(4, { outputTokens }));
    const { low, high } = estimate([...own, ...answers(40, { ref: "p/two", outputTokens: 5000 })]);
    expect(low).toBeGreaterThan(100);
    expect(high).toBeLessThan(500);
  });

  it("does not grow with the prompt if the answers do not", () => {
    const list = [100, 300, 1000, 3000, 30_000].flatMap((characters) => answers(8, { characters }));
    expect(estimate(list, 100_000).middle).toBeLessThan(2 * estimate(list, 1000).middle);
  });

  it("grows with the prompt as far as the answers do", () => {
    const list = [1000, 3000, 10_000, 30_000].flatMap((characters) =>
      answers(8, { characters, outputTokens: characters / 4 }),
    );
    const { middle } = estimate(list, 100_000);
    expect(middle).toBeGreaterThan(15_000);
    expect(middle).toBeLessThan(40_000);
  });

  it("forgets answers that many later ones contradict", () => {
    expect(estimate([...answers(60, { outputTokens: 100 }), ...answers(40)]).middle).toBe(100);
  });
});
