import type { AnswerSummary, Attempt, Ending, ResumeMethod } from "../../src/contract/answer.ts";
import type { ContextChip } from "../../src/contract/context.ts";
import type { ChainStep, Decision, RouteMatch } from "../../src/contract/decision.ts";
import type { FailureRecord } from "../../src/contract/failure.ts";
import { nanoUsd } from "../../src/contract/money.ts";
import type { Skipped } from "../../src/contract/skipped.ts";
import type { TurnView } from "../../src/contract/view/conversationMessages.ts";
import { decision as simpleDecision } from "../support/answers.ts";

/** The time in all scenes. */
export const nowMs = new Date(2026, 10, 21, 14, 12).getTime();

const writeCode: RouteMatch = { kind: "settings", name: "Write code", index: 2 };

export function step(ref: string, usd: number | undefined, quality: number): ChainStep {
  return {
    ...{ ref, quality, qualityBasis: "estimate", qualityError: 0.12 },
    expectedNanoUsd: usd === undefined ? undefined : nanoUsd(usd),
  };
}

type DecisionParts = {
  readonly route?: RouteMatch;
  readonly chain?: readonly [ChainStep, ...ChainStep[]];
  readonly skipped?: readonly Skipped[];
  readonly byBudget?: "free" | "cheapest";
  readonly outcome?: Decision["outcome"];
};

export function decision(parts: DecisionParts = {}): Decision {
  const { route = writeCode, chain, skipped = [], byBudget } = parts;
  const { features, attributes } = simpleDecision();
  return {
    id: "d1",
    atMs: nowMs,
    route,
    pick: route.kind === "explicit" ? "explicit" : "first",
    features: {
      ...features,
      complexity: { level: "high", score: 0.72, reason: { kind: "keyword", keyword: "create" } },
      contextTokens: 3050,
    },
    attributes: { ...attributes, inputBoundTokens: 9000, language: "typescript" },
    expectedInputTokens: 3050,
    expectedOutputTokens: 1200,
    outcome: parts.outcome ?? {
      kind: "chosen",
      chain: chain ?? [
        step("anthropic/claude-sonnet-5-5", 0.018, 0.79),
        step("openai/gpt-6.1-sol", 0.018, 0.77),
      ],
      byBudget,
    },
    skipped,
  };
}

export function failed(ref: string, failure: FailureRecord, startedMs = 0, tookMs = 400): Attempt {
  return {
    ref,
    startedMs,
    tookMs,
    cost: { kind: "exact", nanoUsd: 0 },
    outcome: { kind: "failed", failure },
  };
}

/** An attempt whose stream broke after some text. */
export function broken(ref: string, resumeMethod?: ResumeMethod): Attempt {
  const failure = { kind: "cut", provider: "anthropic", message: "socket hang up" } as const;
  return {
    ...failed(ref, failure, 0, 5200),
    cost: { kind: "estimated", nanoUsd: nanoUsd(0.004) },
    resumeMethod,
  };
}

type SummaryParts = {
  readonly model?: string;
  readonly usd?: number | null;
  readonly tookMs?: number;
  readonly ending?: Ending;
  readonly attempts?: readonly Attempt[];
  readonly estimated?: boolean;
};

export function summary(parts: SummaryParts = {}): AnswerSummary {
  const { model, usd = 0.017, tookMs = 13_100, ending = { kind: "complete" }, attempts, estimated } = parts;
  const cost =
    usd === null
      ? ({ kind: "unknown" } as const)
      : ({ kind: estimated === true ? "estimated" : "exact", nanoUsd: nanoUsd(usd) } as const);
  const usage = {
    inputTokens: 3120,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1420,
    reasoningTokens: 0,
  };
  const answered: Attempt = {
    ref: model ?? "anthropic/claude-sonnet-5-5",
    startedMs: 0,
    tookMs,
    firstTokenMs: 800,
    cost,
    usage,
    outcome: { kind: "answered" },
  };
  return {
    decisionId: "d1",
    ending,
    modelUsed: model,
    fallbackCount: 0,
    attempts: attempts ?? (model === undefined ? [] : [answered]),
    cost,
    usage,
    tookMs,
  };
}

let count = 0;

type TurnParts = {
  readonly command?: string;
  readonly context?: readonly ContextChip[];
  readonly answer?: Partial<TurnView["answer"]>;
};

export function turn(
  prompt: string,
  text: string,
  { command, context = [], answer = {} }: TurnParts = {},
): TurnView {
  count += 1;
  return {
    id: `t${count}`,
    atMs: nowMs,
    prompt: { text: prompt, context, command },
    answer: { text, fallbacks: [], decidedInMs: 1.8, ...answer },
  };
}

export function answered(
  model: string,
  parts: DecisionParts & SummaryParts = {},
): Partial<TurnView["answer"]> {
  return { decision: decision(parts), summary: summary({ ...parts, model }) };
}

export function selection(path: string, startLine: number, endLine: number, tokens: number): ContextChip {
  return { kind: "selection", path, language: "typescript", startLine, endLine, tokens, isPrivate: false };
}

export function file(path: string, tokens: number, isPrivate = false): ContextChip {
  return { kind: "file", path, language: "plaintext", startLine: 1, endLine: 40, tokens, isPrivate };
}
