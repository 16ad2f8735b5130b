import { nanoUsd } from "../../src/contract/money.ts";
import type { ToView, TurnView } from "../../src/contract/view/protocol.ts";
import { answered, decision, failed, file, nowMs, selection, step, summary, turn } from "./turns.ts";

/** A state of the view: what the host says, in order, and what the user then does. */
export type Scene = {
  readonly name: string;
  readonly messages: readonly ToView[];
  /** CSS selectors to click, in order. */
  readonly clicks?: readonly string[];
  readonly typed?: string;
  readonly keys?: readonly string[];
  /** Of the picture; 720 otherwise. */
  readonly height?: number;
  /** Scrolls the conversation to its beginning, and then this text comes. */
  readonly scrolledUpThen?: ToView;
};

const sonnet = "anthropic/claude-sonnet-5-5";

const retryAnswer = `The loop waits 200 ms every time and never reads the header. \`withRetry\` should:

1. wait exactly as long as \`Retry-After\` says, where it is given;
2. otherwise double the wait, with jitter, up to 8 s;
3. give up at once on errors that will not pass.

| Status | Again? | Wait |
|---|---|---|
| 429 | Yes | Retry-After, else backoff |
| 500–504 | Yes | Backoff |
| 400, 401 | No | |

\`\`\`ts src/http/retry.ts
export async function withRetry<T>(
  call: () => Promise<T>,
  tries = 4,
): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await call();
    } catch (error) {
      if (n === tries || !passes(error)) throw error;
      await sleep(waitMs(error, n)); // Retry-After first
    }
  }
}
\`\`\`

Both problems in the file come from the missing return type and are gone with this.`;

const halfAnswer = `Three cases matter, and none of them should really wait:

- \`Retry-After: 2\` waits 2,000 ms, neither more nor less.
- Without the header the wait doubles and stays below 8 s.

\`\`\`ts src/http/retry.test.ts
test("waits as long as Retry-After says", async () => {
  vi.useFakeTimers();
  const call = failsOnce({ retryAfter: 2 });
  const answer =`;

function opening(
  spent: number,
  turns: readonly TurnView[],
  title: string,
  busyTurnId: string | null = null,
): ToView[] {
  return [
    { type: "readiness", readiness: { kind: "ready" } },
    { type: "providers", names: { anthropic: "Anthropic", openai: "OpenAI", ollama: "Ollama" } },
    {
      type: "budget",
      budget: { spentNanoUsd: nanoUsd(spent), budgetNanoUsd: nanoUsd(5), unknown: false },
    },
    { type: "conversation", conversation: { id: "c1", title, isPrivate: false, turns }, busyTurnId },
  ];
}

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
      forecast: { decision: decision({ chain: [step(sonnet, 0.02, 0.79)] }) },
      draft: "",
    },
  ],
  typed: "Write tests for the waiting times, with fake timers",
};

const overloaded = { kind: "overloaded", provider: "anthropic", status: 529, words: "Overloaded" } as const;

const why: Scene = {
  name: "why",
  messages: opening(
    1.26,
    [
      turn(
        "Create an endpoint that lists failed payments, with paging",
        "The route below reads one page at a time and returns a cursor, so that a long list never loads at once.",
        {
          answer: {
            decision: decision({
              passedOver: [
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
  messages: streaming.messages,
  typed: "Then add a line to the changelog\n",
  scrolledUpThen: {
    type: "text",
    turnId: writing.id,
    text: " await withRetry(call);\n  await vi.runAllTimersAsync();\n\n\n\n",
  },
};

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
                failure: { kind: "cut", provider: "anthropic", words: "socket hang up" },
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
          ending: { kind: "complete", limitedBy: "ours" },
        }),
      }),
    ],
    "Indexes and signals",
  ),
};

const badKey = { kind: "auth", provider: "anthropic", status: 401, words: "invalid x-api-key" } as const;

const errors: Scene = {
  name: "errors",
  messages: opening(
    1.3,
    [
      turn("Summarize this log", "", {
        context: [file("logs/build-2026-11-20.log", 1_400_000)],
        answer: {
          decision: decision({
            outcome: { kind: "stopped", stop: { kind: "nobody-eligible" } },
            passedOver: [
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
            ending: { kind: "not-sent", stop: { kind: "nobody-eligible" } },
          }),
        },
      }),
      turn("Why does the build fail on Windows only?", "", {
        answer: {
          decision: decision({
            route: { kind: "settings", name: "Hard", index: 5 },
            chain: [step(sonnet, 0.018, 0.79)],
            passedOver: [
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
          decision: decision({ outcome: { kind: "stopped", stop: overBudget } }),
          summary: summary({ usd: 0, tookMs: 3, ending: { kind: "not-sent", stop: overBudget } }),
        },
      }),
    ],
    "The importer",
  ),
};

const hourMs = 3_600_000;

function row(id: string, title: string, hoursAgo: number, answers: number, usd: number, isPrivate = false) {
  return {
    id,
    title,
    updatedAtMs: nowMs - hoursAgo * hourMs,
    isPrivate,
    answers,
    nanoUsd: nanoUsd(usd),
    costKind: "exact",
  } as const;
}

const list: Scene = {
  name: "list",
  keys: ["ArrowDown", "ArrowDown"],
  messages: [
    ...opening(1.3, [], "Retry"),
    {
      type: "conversations",
      rows: [
        row("a", "Retry that respects Retry-After", 0.2, 4, 0.061),
        row("b", "Why the queue retries twice", 2, 9, 0.34, true),
        row("c", "Retry the upload of release 2.4 by hand", 30, 1, 0.0021),
        row("d", "Backoff with jitter and retry, explained for the handbook", 18 * 24, 2, 0),
      ],
      query: "retry",
      nowMs,
    },
    { type: "deleted", id: "z", title: "Index for the orders table" },
  ],
};

export const scenes: readonly Scene[] = [
  first,
  conversation,
  why,
  streaming,
  scrolledUp,
  notices,
  errors,
  warning,
  exceeded,
  list,
];
