import type { AnswerSummary } from "../../../src/contract/answer.ts";
import type { Conversation, Turn } from "../../../src/contract/conversation.ts";
import type { Decision } from "../../../src/contract/decision.ts";
import type { Cost } from "../../../src/contract/money.ts";
import { keywordDecision } from "../answers.ts";

/** A decision that has every kind of field. */
export function decisionOf(id: string, atMs: number, command?: string): Decision {
  const base = keywordDecision("openai/gpt-6-luna");
  return {
    ...base,
    id,
    atMs,
    attributes: { ...base.attributes, command, paths: ["src/a.ts"] },
    skipped: [{ ref: "azure/gpt-4o", reason: "no-key", provider: "azure" }],
  };
}

export function summaryOf(
  decisionId: string,
  outputTokens: number,
  ending: AnswerSummary["ending"],
): AnswerSummary {
  const cost = { kind: "exact", nanoUsd: 42 } as const;
  const usage = {
    inputTokens: 900,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens: 0,
  };
  const failure = { kind: "overloaded", provider: "openai", status: 503, message: "Busy" } as const;
  return {
    decisionId,
    ending,
    modelUsed: "openai/gpt-6-luna",
    fallbackCount: 1,
    attempts: [
      {
        ref: "a/b",
        startedMs: 2.5,
        tookMs: 90.25,
        cost: { kind: "unknown" },
        outcome: { kind: "failed", failure },
      },
      { ref: "openai/gpt-6-luna", startedMs: 95, tookMs: 900, cost, usage, outcome: { kind: "answered" } },
    ],
    cost,
    usage,
    tookMs: 995,
  };
}

export function conversationOf(
  id: string,
  changes: Partial<Omit<Conversation, "turns">> = {},
): Omit<Conversation, "turns"> {
  return {
    id,
    title: `Title of ${id}`,
    createdAtMs: 1_000,
    updatedAtMs: 1_000,
    isPrivate: false,
    ...changes,
  };
}

export function turnOf(id: string, atMs: number, question: string, answer: string, cost?: Cost): Turn {
  const summary = summaryOf("d", 10, { kind: "complete" });
  return {
    id,
    atMs,
    prompt: { text: question, context: [] },
    answer: { text: answer, fallbacks: [], summary: cost === undefined ? undefined : { ...summary, cost } },
  };
}
