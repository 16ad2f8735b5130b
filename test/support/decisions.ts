import type { Decision } from "../../src/contract/decision.ts";
import type { ModelRef } from "../../src/contract/model.ts";

/** For tests: a decision for a model of the route “Hard”, by the word “compare”. */
export function testDecision(ref: ModelRef, change: Partial<Decision> = {}): Decision {
  return {
    id: "d",
    atMs: 0,
    route: { kind: "settings", name: "Hard", index: 0 },
    pick: "first",
    features: {
      complexity: { level: "high", score: 0.8, reason: { kind: "keyword", keyword: "compare" } },
      contextTokens: 10,
      keywords: [],
      followUp: false,
      cached: false,
    },
    attributes: {
      requestId: "d",
      paths: [],
      needs: [],
      userTier: "standard",
      user: "u",
      isPrivate: false,
      attachedNew: false,
      inputBoundTokens: 10,
      images: 0,
    },
    expectedInputTokens: 10,
    expectedOutputTokens: 5,
    outcome: { kind: "chosen", chain: [{ ref, expectedNanoUsd: 17_000_000 }] },
    skipped: [],
    ...change,
  };
}
