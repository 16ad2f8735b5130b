import { expect, it } from "vitest";
import { describeOverBudgetFigures } from "./money.ts";

const REASON = {
  kind: "over-budget",
  expectedNanoUsd: 2_000_000,
  needed: { nanoUsd: 6_140_000, outputTokens: 1024 },
  leftNanoUsd: 5_800_000,
  budgetNanoUsd: 5_000_000_000,
  limit: { kind: "day" },
  choices: [],
} as const;

it("states what a prompt needs of the budget, and what is left", () => {
  expect(describeOverBudgetFigures(REASON)).toBe(
    "It is expected to cost about $0.0020, and up to $0.0061 with 1,024 tokens of output. $0.0058 of $5.00 is left until midnight.",
  );
});

it("shows amounts with enough digits that the larger one looks larger", () => {
  expect(describeOverBudgetFigures({ ...REASON, leftNanoUsd: 6_120_000 })).toContain(
    "up to $0.00614 with 1,024 tokens of output. $0.00612 of",
  );
});

it("asks to try again if only other answers are in the way", () => {
  const figures = describeOverBudgetFigures({ ...REASON, leftNanoUsd: 9e9, reservedNanoUsd: 8.999e9 });
  expect(figures).toMatch(/other answers have reserved \$9\.00 of it\. Try again in a moment\.$/);
});
