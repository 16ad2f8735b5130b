import type { AnswerSummary, Attempt, ResumeMethod } from "../../src/contract/answer.ts";
import type { Decision } from "../../src/contract/decision.ts";
import type { ModelRef } from "../../src/contract/model.ts";

/** A decision for a short prompt of low complexity. */
export function decision(change: Partial<Decision> = {}): Decision {
  return {
    id: "d",
    atMs: 0,
    route: { kind: "derived", level: "low" },
    pick: "cheapest",
    features: {
      complexity: { level: "low", score: 0.1, reason: { kind: "length", characters: 12 } },
      contextTokens: 10,
      keywords: [],
      followUp: false,
      cached: false,
    },
    attributes: {
      paths: [],
      needs: [],
      userTier: "standard",
      user: "u",
      isPrivate: false,
      inputBoundTokens: 50,
      images: 0,
      requestId: "d",
      attachedNew: false,
    },
    expectedInputTokens: 10,
    expectedOutputTokens: 100,
    outcome: {
      kind: "chosen",
      chain: [{ ref: "openai/gpt-6-luna", expectedNanoUsd: 900_000, quality: 0.6 }],
    },
    skipped: [],
    ...change,
  };
}

/** A decision of the route “Hard” for one model, by the keyword “compare”. */
export function keywordDecision(ref: ModelRef, change: Partial<Decision> = {}): Decision {
  const base = decision();
  return {
    ...base,
    route: { kind: "settings", name: "Hard", index: 0 },
    pick: "first",
    features: {
      ...base.features,
      complexity: { level: "high", score: 0.8, reason: { kind: "keyword", keyword: "compare" } },
    },
    expectedOutputTokens: 5,
    outcome: { kind: "chosen", chain: [{ ref, expectedNanoUsd: 17_000_000 }] },
    ...change,
  };
}

/** A complete answer by the first model. */
export function summary(change: Partial<AnswerSummary> = {}): AnswerSummary {
  return {
    decisionId: "d",
    ending: { kind: "complete" },
    modelUsed: "openai/gpt-6-luna",
    fallbackCount: 0,
    attempts: [],
    cost: { kind: "exact", nanoUsd: 2_100_000 },
    tookMs: 2400,
    ...change,
  };
}

/** An attempt that cost nothing. */
export function attempt(
  ref: ModelRef,
  outcome: Attempt["outcome"],
  resumeMethod?: ResumeMethod,
  startedMs: number = 0,
): Attempt {
  return {
    ref,
    startedMs,
    tookMs: 1,
    cost: { kind: "exact", nanoUsd: 0 },
    outcome,
    resumeMethod,
  };
}
