import { nanoUsd } from "../../../src/contract/money.ts";
import { halfAnswer, retryAnswer } from "../answers.ts";
import { answered, decision, failed, file, nowMs, selection, step, summary, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const first: Scene = {
  name: "first-minute",
  messages: [
    { type: "readiness", readiness: { kind: "simulator" } },
    { type: "budget", budget: { spentNanoUsd: 0, budgetNanoUsd: nanoUsd(5), unknown: false } },
    { type: "conversation", conversation: null, busyTurnId: null },
  ],
};

const conversation: Scene = {
  name: "conversation",
  height: 1100,
  messages: [
    ...opening(
      1.24,
      [
        turn(
          "Requests to billing fail now and then. Wait longer each time, and respect Retry-After.",
          retryAnswer,
          {
            command: "fix",
            context: [selection("src/http/retry.ts", 12, 48, 420)],
            answer: answered(sonnet),
          },
        ),
        turn(
          "yes, go on",
          "Done: [retry.ts](https://example.com/retry.ts) now takes `signal` as well, so that a cancelled request does not wait.",
          {
            answer: { ...answered(sonnet, { usd: 0.0021, tookMs: 2400 }), thumb: "up" },
          },
        ),
      ],
      "Retry that respects Retry-After",
    ),
    {
      type: "attached",
      context: [file("src/http/retry.test.ts", 1200), selection("src/http/client.ts", 8, 31, 260)],
    },
    {
      type: "forecast",
      forecast: { decision: decision({ chain: [step(sonnet, 0.02, 0.79)] }), earlierTokens: 0 },
      draft: "",
    },
  ],
  typed: "Write tests for the waiting times, with fake timers",
};

const overloaded = { kind: "overloaded", provider: "anthropic", status: 529, message: "Overloaded" } as const;

const why: Scene = {
  name: "details",
  messages: opening(
    1.26,
    [
      turn(
        "Create an endpoint that lists failed payments, with paging",
        "The route below reads one page at a time and returns a cursor, so that a long list never loads at once.",
        {
          answer: {
            decision: decision({
              skipped: [
                {
                  ref: "mistral/mistral-large-latest",
                  reason: "breaker-open",
                  failures: 5,
                  nextTryAtMs: nowMs + 8000,
                  by: "model",
                },
                { ref: "azure/gpt-4o", reason: "no-key", provider: "azure" },
                { ref: "ollama/qwen3-coder", reason: "below-min-quality", quality: 0.55, minQuality: 0.6 },
              ],
            }),
            fallbacks: [{ from: sonnet, to: "openai/gpt-6.1-sol", failure: overloaded }],
            summary: {
              ...summary({ model: "openai/gpt-6.1-sol", usd: 0.02, tookMs: 14_600 }),
              fallbackCount: 1,
              attempts: [
                failed(sonnet, overloaded),
                failed(sonnet, overloaded, 1100, 300),
                {
                  ref: "openai/gpt-6.1-sol",
                  startedMs: 1400,
                  tookMs: 13_200,
                  firstTokenMs: 800,
                  cost: { kind: "exact", nanoUsd: nanoUsd(0.02) },
                  usage: {
                    inputTokens: 3120,
                    cacheReadTokens: 0,
                    cacheWriteTokens: 0,
                    outputTokens: 1420,
                    reasoningTokens: 0,
                  },
                  outcome: { kind: "answered" },
                },
              ],
            },
          },
        },
      ),
    ],
    "Failed payments, paged",
  ),
  clicks: ["button.sy-quiet"],
  height: 1100,
};

const writing = turn("Write tests for the waiting times, with fake timers", "", {
  answer: { decision: decision() },
});
const streaming: Scene = {
  name: "streaming",
  messages: [
    ...opening(
      1.26,
      [turn("yes, go on", retryAnswer, { answer: answered(sonnet) }), writing],
      "Retry that respects Retry-After",
      writing.id,
    ),
    { type: "text", turnId: writing.id, text: halfAnswer },
  ],
};

const scrolledUp: Scene = {
  name: "streaming-queued",
  messages: [
    ...streaming.messages,
    {
      type: "queued",
      prompts: [{ id: "1", prompt: { text: "Then add a line to the changelog", context: [] } }],
    },
  ],
  scrolledUpThen: {
    type: "text",
    turnId: writing.id,
    text: " await withRetry(call);\n  await vi.runAllTimersAsync();\n\n\n\n",
  },
};

/** Another window writes the answer. */
const anotherWindow: Scene = {
  name: "another-window",
  messages: [
    ...opening(
      1.26,
      [turn("yes, go on", retryAnswer, { answer: answered(sonnet) })],
      "Retry that respects Retry-After",
    ),
    {
      type: "synced",
      ...{ conversationId: "c1", title: "Retry that respects Retry-After", isPrivate: false },
      turns: [
        { ...writing, answer: { ...writing.answer, text: "Fake timers need a clock that stands still:" } },
      ],
      busyTurnId: writing.id,
    },
  ],
};

/** Ordinary use of the view. */
export const conversationScenes: readonly Scene[] = [
  first,
  conversation,
  why,
  streaming,
  scrolledUp,
  anotherWindow,
];
