import { describe, expect, it } from "vitest";
import { inProject } from "../../../scripts/project.ts";
import { loadCatalogue } from "../../../src/models/catalogueFiles.ts";
import { type Start, triedModels } from "./policy.ts";
import { parseTable } from "./readTable.ts";
import { breakEven, PERFECT, replay } from "./replay.ts";
import { bestRoutesOfThree, compareRoutes } from "./routes.ts";
import { seededTable } from "./seededTable.ts";
import { type ResultTable, randomChoice, scoreOf } from "./table.ts";

const CATALOGUE = await loadCatalogue(inProject("src/models/data"));
const SEEDED = seededTable(1, CATALOGUE);

/** Ten issues that cost the same each. `weak` solves the first four, `strong` the last eight. */
const TABLE = parseTable(
  [
    "issue,model,solved,cost",
    ...Array.from({ length: 10 }, (_, at) => [
      `i${at},a/weak,${at < 4 ? 1 : 0},0.1`,
      `i${at},b/strong,${at < 2 ? 0 : 1},1`,
    ]).flat(),
  ].join("\n"),
);
const CHAIN = ["a/weak", "b/strong"];

const tried = (table: ResultTable, start: Start) =>
  triedModels(
    start,
    table.models.map(({ card }) => card),
    table.request,
  );

/** The share of the issues that any of these models solves. */
const solvedByAny = ({ issues, models }: ResultTable, refs: readonly string[]) =>
  [...issues.keys()].filter((at) =>
    models.some(({ card, solved }) => refs.includes(card.ref) && solved[at] === true),
  ).length / issues.length;

describe("the made-up table", () => {
  it("is the same for a seed, and another one for another seed", () => {
    expect(seededTable(1, CATALOGUE)).toEqual(SEEDED);
    expect(seededTable(2, CATALOGUE)).not.toEqual(SEEDED);
  });

  it("has 500 issues, of which each model solves as many as its quality in the catalogue", () => {
    expect(SEEDED.issues).toHaveLength(500);
    for (const model of SEEDED.models) {
      expect(scoreOf(model).solvedShare).toBeCloseTo(model.card.quality?.value ?? Number.NaN, 5);
    }
  });

  it("has issues that are hard for all models: together they solve few more than the best", () => {
    const all = solvedByAny(
      SEEDED,
      SEEDED.models.map(({ card }) => card.ref),
    );
    expect(all).toBeGreaterThan(0.76);
    expect(all).toBeLessThan(0.82);
  });
});

describe("the policy", () => {
  it("starts with the cheapest model, and goes up by the product's rule, two steps at most", () => {
    expect(tried(SEEDED, "cheapest")).toEqual(["openai/gpt-5-nano", "openai/gpt-5-mini", "openai/gpt-5"]);
    expect(tried(TABLE, "cheapest")).toEqual(CHAIN);
  });

  it("skips a model that is hardly better, and one that a better model beats in cost too", () => {
    const models = { "a/weak": [40, 0.1], "a/alike": [41, 0.2], "c/wasteful": [60, 3], "b/strong": [80, 1] };
    const lines = Object.entries(models).flatMap(([ref, [solved = 0, usd]]) =>
      Array.from({ length: 100 }, (_, at) => `i${at},${ref},${at < solved ? 1 : 0},${usd}`),
    );
    expect(tried(parseTable(["issue,model,solved,cost", ...lines].join("\n")), "cheapest")).toEqual(CHAIN);
  });

  it("of a cascade begins with a stronger model the less the verifier rejects", () => {
    const firsts = [1, 0.8, 0.5].map((rejectsWrong) => tried(SEEDED, { rejectsWrong }));
    expect(firsts).toEqual([
      ["openai/gpt-5", "anthropic/claude-sonnet-4-5", "anthropic/claude-opus-4-5"],
      ["anthropic/claude-sonnet-4-5", "anthropic/claude-opus-4-5"],
      ["anthropic/claude-opus-4-5"],
    ]);
  });

  it("has none above the strongest model", () => {
    expect(tried(SEEDED, "strongest")).toEqual(["anthropic/claude-opus-4-5"]);
  });
});

describe("a replay", () => {
  it("solves with a perfect verifier what any model of the chain solves", () => {
    const chains = [
      tried(SEEDED, "cheapest"),
      ...bestRoutesOfThree(SEEDED, { solvedShare: 0, usdPerIssue: 0 }),
    ];
    expect(chains.length).toBeGreaterThan(3);
    for (const chain of chains) {
      expect(replay(SEEDED, chain, PERFECT).solvedShare).toBeCloseTo(solvedByAny(SEEDED, chain), 10);
    }
  });

  it("pays for the next model only where the answer before was rejected", () => {
    expect(replay(TABLE, CHAIN, PERFECT)).toEqual({
      solvedShare: 1,
      usdPerIssue: expect.closeTo(0.1 + 0.6, 10),
    });
    const half = replay(TABLE, CHAIN, { rejectsWrong: 0.5, rejectsRight: 0 });
    expect(half.solvedShare).toBeCloseTo(0.4 + 0.3, 10);
    expect(half.usdPerIssue).toBeCloseTo(0.1 + 0.3, 10);
  });

  it("loses right answers that are rejected, if the next model does not solve them", () => {
    const { solvedShare, usdPerIssue } = replay(TABLE, CHAIN, { rejectsWrong: 1, rejectsRight: 0.5 });
    expect(solvedShare).toBeCloseTo(0.9, 10);
    expect(usdPerIssue).toBeCloseTo(0.1 + 0.6 + 0.2, 10);
  });

  it("is the first model alone if nothing is rejected", () => {
    const [first] = SEEDED.models;
    const never = replay(SEEDED, tried(SEEDED, "cheapest"), { rejectsWrong: 0, rejectsRight: 0 });
    expect(first && scoreOf(first)).toEqual({
      solvedShare: never.solvedShare,
      usdPerIssue: expect.closeTo(never.usdPerIssue, 10),
    });
  });

  it("expects the mean of all models from a random choice", () => {
    expect(randomChoice(TABLE.models).solvedShare).toBeCloseTo(0.6, 10);
    expect(randomChoice(TABLE.models).usdPerIssue).toBeCloseTo(0.55, 10);
  });
});

describe("the break-even", () => {
  it("is the share of rejected wrong answers at which both chains solve the same", () => {
    // 0.4 of the weak model, and a share of the 0.6 that only the strong one solves, are 0.8.
    expect(breakEven(TABLE, CHAIN, ["b/strong"], 0)).toBeCloseTo(2 / 3, 6);
  });

  it("is higher for a verifier that rejects right answers too", () => {
    expect(breakEven(TABLE, CHAIN, ["b/strong"], 0.2)).toBeGreaterThan(0.67);
  });

  it("is never if a chain cannot solve as much, or costs more where it does", () => {
    expect(breakEven(TABLE, ["a/weak"], ["b/strong"], 0)).toBe("never");
    expect(breakEven(TABLE, ["b/strong", "a/weak"], ["b/strong"], 0)).toBe(0);
    expect(breakEven(TABLE, ["b/strong"], ["a/weak"], 0)).toBe("never");
  });
});

describe("routes of three", () => {
  it("are those that none beats in both solved and dollars, the one that solves the most first", () => {
    const scores = bestRoutesOfThree(SEEDED, { solvedShare: 0.744, usdPerIssue: 0 }).map((chain) =>
      replay(SEEDED, chain, PERFECT),
    );
    expect(scores.length).toBeGreaterThan(1);
    for (const [at, { solvedShare, usdPerIssue }] of scores.entries()) {
      expect(solvedShare).toBeGreaterThanOrEqual(0.744);
      const next = scores[at + 1];
      if (next === undefined) continue;
      expect(next.solvedShare).toBeLessThan(solvedShare);
      expect(next.usdPerIssue).toBeLessThan(usdPerIssue);
    }
  });
});

describe("the order of a cascade, over all routes and other tables than those that its estimate was chosen by", () => {
  const tables = [11, 12, 13].map((seed) => seededTable(seed, CATALOGUE));
  const compared = (start: Start, rejectsWrong: number) =>
    compareRoutes(tables, start, { rejectsWrong, rejectsRight: 0 });

  it.each([0.95, 0.9, 0.85])(
    "wins more often than the cheapest first, and solves more, at %s",
    (rejectsWrong) => {
      const own = compared({ rejectsWrong }, rejectsWrong);
      const cheapest = compared("cheapest", rejectsWrong);
      expect(own.won).toBeGreaterThan(cheapest.won + 0.2);
      expect(own.lost).toBeLessThan(cheapest.lost - 0.2);
      expect(own.solved).toBeGreaterThan(0.01);
      expect(own.cost).toBeLessThan(0);
    },
  );

  it("is the strongest first where the verifier rejects half of the wrong answers", () => {
    expect(compared({ rejectsWrong: 0.5 }, 0.5)).toMatchObject({ lost: 0, solved: 0, cost: 0 });
  });
});
