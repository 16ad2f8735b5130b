import { describe, expect, it } from "vitest";
import type { AnswerSummary, Ending } from "../contract/answer.ts";
import { modelNames } from "./names.ts";
import { describeUnanswered, noModelTitle } from "./unanswered.ts";

const describeEnding = (ending: Ending) => {
  const summary: AnswerSummary = {
    decisionId: "d1",
    ending,
    fallbackCount: 0,
    attempts: [],
    cost: { kind: "exact", nanoUsd: 0 },
    tookMs: 1,
  };
  return describeUnanswered(undefined, summary, modelNames([]), { openai: "OpenAI" });
};

describe("the notification about a request without a complete answer", () => {
  it("has the words of the chat, as sentences", () => {
    expect(
      describeEnding({
        kind: "failed",
        failure: { kind: "auth", provider: "openai", message: "Incorrect API key", status: 401 },
      }),
    ).toBe("OpenAI rejected the key. “Incorrect API key” (401).");
    expect(describeEnding({ kind: "complete", limitedBy: "model" })).toBe(
      "Stopped at the model’s output limit.",
    );
  });

  it("says nothing about an answer that is complete, or that the user stopped", () => {
    expect(describeEnding({ kind: "complete" })).toBeUndefined();
    expect(describeEnding({ kind: "stopped" })).toBeUndefined();
  });

  it("says so if the code is too long for every model of the route", () => {
    const skipped = ["a/x", "b/y"].map((ref) => ({
      ref,
      reason: "context-window" as const,
      tokens: 900_000,
      maxInputTokens: 400_000,
    }));
    const route = { kind: "derived", level: "low" } as const;
    expect(noModelTitle({ route, skipped })).toBe("Too long for every model of this route");
  });
});
