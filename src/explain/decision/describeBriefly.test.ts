import { expect, it } from "vitest";
import { decision } from "../../../test/support/answers.ts";
import type { Decision } from "../../contract/decision.ts";
import { describeDecisionBriefly } from "./facts.ts";

const [step] = [{ ref: "p/a" }] as const;
const experiment = { name: "e", arm: "control", unit: "u" } as const;
const compared = { last: "p/a", other: "p/b", cachedTokens: 1 } as const;
const overBudget = {
  kind: "over-budget",
  expectedNanoUsd: 40_000_000,
  leftNanoUsd: 10_000_000,
  budgetNanoUsd: 5_000_000_000,
  limit: { kind: "day" },
  choices: [],
} as const;

it.each<[string, Partial<Decision>]>([
  ["Low complexity, from its length; lowest expected cost", {}],
  ["You chose it", { route: { kind: "explicit" }, pick: "explicit" }],
  ["Short follow-up: same as before", { followUp: true }],
  ["Low complexity, from its length; experiment “e”: control", { experiment }],
  [
    "Low complexity, from its length; lowest expected cost; the higher quality of b is uncertain",
    {
      outcome: {
        kind: "chosen",
        chain: [
          { ...step, quality: 0.7, qualityError: 0.12 },
          { ref: "p/b", quality: 0.8, qualityError: 0.12 },
        ],
      },
    },
  ],
  [
    "Low complexity, from its length; lowest expected cost; stays: its cache is warm",
    { affinity: { kind: "stayed", ...compared } },
  ],
  [
    "Low complexity, from its length; lowest expected cost; switches although the cache of a is warm",
    { affinity: { kind: "switched", ...compared } },
  ],
  [
    "Low complexity, from its length; the budget allows only a free model",
    { outcome: { kind: "chosen", chain: [step], byBudget: "free" } },
  ],
  [
    "Low complexity, from its length; over budget: could cost up to $0.040, and $0.010 is left",
    { outcome: { kind: "blocked", reason: overBudget } },
  ],
  [
    "Low complexity, from its length; all 2 candidates were skipped",
    {
      outcome: { kind: "blocked", reason: { kind: "no-model-available" } },
      skipped: [
        { ref: "p/a", reason: "private" },
        { ref: "p/b", reason: "private" },
      ],
    },
  ],
])("describes a decision on one line: %s", (expected, change) => {
  expect(describeDecisionBriefly(decision(change))).toBe(expected);
});
