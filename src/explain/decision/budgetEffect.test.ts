import { expect, it } from "vitest";
import { attempt, decision, summary } from "../../../test/support/answers.ts";
import type { AnswerSummary } from "../../contract/answer.ts";
import type { ChainStep, Decision } from "../../contract/decision.ts";
import type { Skipped } from "../../contract/skipped.ts";
import { describeAnswerCost, describeBudgetEffect, describeLateEffect } from "../money.ts";
import { describeCandidate } from "./candidates.ts";
import { whySentences } from "./why.ts";

const notCovered = {
  ref: "p/dear",
  reason: "over-budget",
  worstCaseNanoUsd: 54_000_000,
  leftNanoUsd: 6_900_000,
  limit: { kind: "day" },
} as const;

const names = (ref: string) => ref.slice(2);
const chain = [{ ref: "p/small" }, { ref: "p/other" }] as const;

function downgraded(byBudget?: "free" | "cheapest", skipped: Skipped = notCovered): Decision {
  return decision({
    outcome: { kind: "chosen", chain, byBudget, insteadOf: "p/dear" },
    skipped: [skipped],
  });
}

const answered = (change: Partial<AnswerSummary> = {}) => summary({ modelUsed: "p/small", ...change });

function placeOf(step: ChainStep, of: Decision, answer: AnswerSummary): string | undefined {
  return describeCandidate(step, chain, of, answer).text.split(". About")[0]?.split(". Cost")[0];
}

it.each([
  [undefined, "dear may cost up to $0.054, and $0.0069 of today’s budget is left, so small was asked."],
  [
    "free",
    "dear may cost up to $0.054, and $0.0069 of today’s budget is left, so small was asked, which is free.",
  ],
  [
    "cheapest",
    "dear may cost up to $0.054, and $0.0069 of today’s budget is left: small, the cheapest, was asked beyond the budget.",
  ],
] as const)("states the figures and the limit of a downgrade (%s)", (byBudget, sentence) => {
  expect(describeBudgetEffect(downgraded(byBudget), names)).toBe(sentence);
  expect(whySentences(downgraded(byBudget), answered(), names)).toContain(sentence);
});

it("names the month's budget, and what other answers have reserved", () => {
  const reserved = { ...notCovered, leftNanoUsd: 60_000_000, reservedNanoUsd: 50_000_000 };
  expect(describeBudgetEffect(downgraded(undefined, { ...reserved, limit: { kind: "month" } }), names)).toBe(
    "dear may cost up to $0.054, and other answers have reserved $0.050 of the $0.060 of this month’s budget that is left, so small was asked.",
  );
});

it("states nothing if the budget changed nothing", () => {
  expect(describeBudgetEffect(decision({ skipped: [notCovered] }), names)).toBeUndefined();
});

it("states that the cheapest model exceeded the limit, once its cost is known to", () => {
  const sentences = (nanoUsd: number) =>
    whySentences(downgraded("cheapest"), answered({ cost: { kind: "exact", nanoUsd } }), names);
  const excess = "It cost $0.0070, and $0.0069 of today’s budget was left: the budget is exceeded.";
  expect(sentences(7_000_000)).toContain(excess);
  expect(sentences(6_900_000).join(" ")).not.toContain("exceeded");
});

it("gives the budget as the reason that a model comes first", () => {
  const attempts = [attempt("p/small", { kind: "answered" })];
  const first = (byBudget?: "free" | "cheapest") =>
    placeOf(chain[0], downgraded(byBudget), answered({ attempts }));
  expect([first(), first("free"), first("cheapest")]).toEqual([
    "The first that the budget covers. Answered",
    "The best free model. Answered",
    "The cheapest model. Answered",
  ]);
});

it("states the figures of a model that the budget no longer covered when its turn came", () => {
  const answer = answered({
    modelUsed: "p/other",
    notCalled: [{ ...notCovered, ref: "p/small" }],
    attempts: [attempt("p/other", { kind: "answered" })],
  });
  const chosen = decision({ outcome: { kind: "chosen", chain } });
  const sentence = "small may cost up to $0.054, and $0.0069 of today’s budget is left, so other was asked.";
  expect(describeLateEffect(chosen, answer, names)).toEqual([sentence]);
  expect(whySentences(chosen, answer, names).slice(1)).toEqual([sentence]);
  expect(placeOf(chain[0], chosen, answer)).toBe(
    "Not asked: may cost up to $0.054, and $0.0069 of today’s budget is left",
  );
});

it("states why each model of the chain was not asked", () => {
  const chosen = decision({ outcome: { kind: "chosen", chain } });
  const { modelUsed: _, ...unanswered } = summary({
    ending: { kind: "not-sent", reason: { kind: "no-model-available" } },
    notCalled: [
      { ref: "p/small", reason: "rate-limit", untilMs: 40_000 },
      { ref: "p/other", reason: "no-time", limitMs: 300_000 },
    ],
  });
  const reasons = ["rate limit reached, next try in 40\u00a0s", "no answer started within 5\u00a0min"];
  expect(chain.map((step) => placeOf(step, chosen, unanswered))).toEqual(
    reasons.map((reason) => `Not asked: ${reason}`),
  );
  expect(whySentences(chosen, unanswered, names).at(-1)).toBe(
    `No model was asked: small (${reasons[0]}), other (${reasons[1]}).`,
  );
});

it("calls a model that the user stopped stopped, and the next one not asked", () => {
  const chosen = decision({ outcome: { kind: "chosen", chain } });
  const failure = { kind: "cancelled", provider: "p", message: "" } as const;
  const { modelUsed: _, ...stopped } = summary({
    ending: { kind: "stopped" },
    attempts: [attempt("p/small", { kind: "failed", failure })],
  });
  expect(describeCandidate(chain[0], chain, chosen, stopped).outcome).toBe("stopped");
  expect(chain.map((step) => placeOf(step, chosen, stopped))).toEqual([
    "First choice, stopped",
    "Not asked: you stopped before its turn",
  ]);
});

it("calls only an answer free, never attempts that cost nothing", () => {
  const cost = { kind: "exact", nanoUsd: 0 } as const;
  const failure = { kind: "overloaded", provider: "p", message: "" } as const;
  const failed = attempt("p/small", { kind: "failed", failure });
  const free = attempt("p/other", { kind: "answered" });
  expect(describeAnswerCost(answered({ cost, attempts: [failed] }))).toBe("$0.00");
  expect(describeAnswerCost(answered({ cost, attempts: [failed, free], modelUsed: "p/other" }))).toBe("free");
});
