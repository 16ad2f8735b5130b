import { nanoUsd } from "../../../src/contract/money.ts";
import { answered, decision, failed, file, nowMs, step, summary, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const notices: Scene = {
  name: "notices",
  height: 900,
  messages: opening(
    1.3,
    [
      turn(
        "Which index?",
        "An index on `(customer_id, created_at)` serves both queries, for the first sorts by date within a customer and the second only",
        {
          answer: {
            ...answered(sonnet, {
              usd: 0.011,
              estimated: true,
              tookMs: 9800,
              ending: {
                kind: "failed",
                failure: { kind: "cut", provider: "anthropic", message: "socket hang up" },
              },
            }),
          },
        },
      ),
      turn(
        "Where is the client built?",
        "There are four places where the client is built, and three of them",
        {
          answer: answered(sonnet, {
            usd: 0.0034,
            estimated: true,
            tookMs: 2000,
            ending: { kind: "stopped" },
          }),
        },
      ),
      turn("Can two signals be joined?", "Yes: `AbortSignal.any` joins the two signals.", {
        answer: answered("ollama/qwen3-coder", {
          usd: 0,
          tookMs: 5200,
          byBudget: "free",
          route: { kind: "derived", level: "medium" },
          chain: [step("ollama/qwen3-coder", 0, 0.55)],
        }),
      }),
      turn("When is the flag read?", "The flag is read once, at start, and", {
        answer: answered("gpu-box/qwen3-coder-480b-instruct-awq", {
          usd: null,
          tookMs: 3900,
          route: { kind: "explicit" },
          ending: { kind: "complete", limitedBy: "request" },
        }),
      }),
    ],
    "Indexes and signals",
  ),
};

const badKey = { kind: "auth", provider: "anthropic", status: 401, message: "invalid x-api-key" } as const;

const errors: Scene = {
  name: "errors",
  messages: opening(
    1.3,
    [
      turn("Summarize this log", "", {
        context: [file("logs/build-2026-11-20.log", 1_400_000)],
        answer: {
          decision: decision({
            outcome: { kind: "blocked", reason: { kind: "no-model-available" } },
            skipped: [
              { ref: sonnet, reason: "context-window", tokens: 1_400_000, maxInputTokens: 1_000_000 },
              {
                ref: "google/gemini-4-argon",
                reason: "context-window",
                tokens: 1_400_000,
                maxInputTokens: 1_048_576,
              },
            ],
          }),
          summary: summary({
            usd: 0,
            tookMs: 12,
            ending: { kind: "not-sent", reason: { kind: "no-model-available" } },
          }),
        },
      }),
      turn("Why does the build fail on Windows only?", "", {
        answer: {
          decision: decision({
            route: { kind: "settings", name: "Hard", index: 5 },
            chain: [step(sonnet, 0.018, 0.79)],
            skipped: [
              { ref: "azure/gpt-4o", reason: "no-key", provider: "azure" },
              {
                ref: "openai/gpt-6.1-sol",
                reason: "breaker-open",
                failures: 5,
                nextTryAtMs: nowMs + 40_000,
                by: "model",
              },
            ],
          }),
          summary: summary({
            usd: 0,
            tookMs: 1900,
            ending: { kind: "failed", failure: badKey },
            attempts: [failed(sonnet, badKey)],
          }),
        },
      }),
    ],
    "Builds on Windows",
  ),
};

const warning: Scene = {
  name: "warning",
  messages: [
    ...opening(
      4.02,
      [
        turn("Which migration goes first?", "The two migrations can run in either order.", {
          answer: answered("anthropic/claude-opus-5-5", { usd: 0.14, tookMs: 21_300 }),
        }),
      ],
      "Migrations",
    ),
    { type: "budgetWarning", percent: 80 },
    { type: "attached", context: [file(".env.local", 85, true), file("src/environment.ts", 2100)] },
    {
      type: "forecast",
      forecast: {
        decision: decision({
          route: { kind: "settings", name: "Private files", index: 0 },
          chain: [step("ollama/qwen3-coder", 0, 0.55)],
        }),
        earlierTokens: 0,
      },
      draft: "",
    },
  ],
  typed: "Which of these variables are unused?",
};

const overBudget = {
  kind: "over-budget",
  expectedNanoUsd: nanoUsd(0.04),
  leftNanoUsd: nanoUsd(0.01),
  budgetNanoUsd: nanoUsd(5),
  limit: { kind: "day" },
  choices: [
    { kind: "cheapest", ref: "openai/gpt-6-luna", expectedNanoUsd: nanoUsd(0.0009) },
    { kind: "free", ref: "ollama/qwen3-coder", local: true },
    { kind: "raise", ref: sonnet },
  ],
} as const;

const exceeded: Scene = {
  name: "budget-choices",
  messages: opening(
    4.99,
    [
      turn("Refactor the importer into three steps", "", {
        answer: {
          decision: decision({ outcome: { kind: "blocked", reason: overBudget } }),
          summary: summary({ usd: 0, tookMs: 3, ending: { kind: "not-sent", reason: overBudget } }),
        },
      }),
    ],
    "The importer",
  ),
};

/** Errors, warnings and blocked prompts. */
export const problemScenes: readonly Scene[] = [notices, errors, warning, exceeded];
