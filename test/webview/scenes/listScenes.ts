import type { Attempt } from "../../../src/contract/answer.ts";
import { nanoUsd } from "../../../src/contract/money.ts";
import type { ConversationRow } from "../../../src/contract/view/types.ts";
import { retryAnswer } from "../answers.ts";
import { answered, nowMs, summary, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const hourMs = 3_600_000;

function row(
  id: string,
  title: string,
  hoursAgo: number,
  answers: number,
  usd: number,
  change: Partial<ConversationRow> = {},
): ConversationRow {
  const updatedAtMs = nowMs - hoursAgo * hourMs;
  return {
    id,
    title,
    updatedAtMs,
    isPrivate: false,
    answers,
    nanoUsd: nanoUsd(usd),
    costKind: "exact",
    ...change,
  };
}

const search: Scene = {
  name: "list",
  keys: ["ArrowDown", "ArrowDown"],
  messages: [
    ...opening(1.3, [], "Retry"),
    {
      type: "conversations",
      rows: [
        row("a", "Retry that respects Retry-After", 0.2, 4, 0.061),
        row("b", "Why the queue retries twice", 2, 9, 0.34, {
          isPrivate: true,
          snippet: "… so a retry never charges a customer twice, and the queue …",
        }),
        row("c", "Release checklist for 2.4", 30, 1, 0.0021, {
          snippet: "… or <b>retry</b> the upload by hand, which takes about ten minutes …",
        }),
        row("d", "Backoff with jitter and retry, explained for the handbook", 18 * 24, 2, 0),
      ],
      query: "retry",
      nowMs,
    },
    { type: "deleted", id: "z", title: "Index for the orders table" },
  ],
};

const states: Scene = {
  name: "list-states",
  messages: [
    ...opening(1.3, [], "Retry"),
    {
      type: "conversations",
      rows: [
        row("p", "House rules for this repository", 26 * 24, 31, 1.22, { isPinned: true, isPrivate: true }),
        row("a", "Retry that respects Retry-After", 0.01, 4, 0.061, { status: "running" }),
        row("b", "Why the queue retries twice", 2, 9, 0.34, { status: "unread" }),
        row("c", "An index for the orders table, and what it costs to write", 5, 3, 0.02, {
          status: "failed",
        }),
        row("d", "Release checklist for 2.4", 30, 1, 0.0021, { costKind: "estimated" }),
      ],
      query: "",
      nowMs,
    },
  ],
};

const usage = {
  inputTokens: 31_200,
  cacheReadTokens: 28_400,
  cacheWriteTokens: 0,
  outputTokens: 2_420,
  reasoningTokens: 0,
};
const cached = answered(sonnet, { usd: 0.0121, tookMs: 8_400 });
const attempts = cached.summary?.attempts.map((attempt): Attempt => ({ ...attempt, usage }));

const priced = [
  turn("Requests to billing fail now and then. Wait longer each time.", retryAnswer, {
    answer: answered(sonnet),
  }),
  turn("And the tests?", "They use fake timers now.", {
    answer: { ...cached, summary: cached.summary && { ...cached.summary, attempts: attempts ?? [], usage } },
  }),
  turn("yes", "Done.", {
    answer: answered("openai/gpt-6-luna", { usd: 0.0009, estimated: true, tookMs: 900 }),
  }),
  turn("And on this machine?", "The same.", {
    answer: {
      ...answered("ollama/qwen3-coder"),
      summary: summary({ model: "ollama/qwen3-coder", usd: 0, tookMs: 64_000 }),
    },
  }),
];

const totals: Scene = {
  name: "answers-table",
  messages: opening(1.3, priced, "Retry that respects Retry-After"),
  clicks: [".sy-head-total"],
};

const find: Scene = {
  name: "find",
  messages: opening(1.3, priced, "Retry that respects Retry-After"),
  keys: ["Control+f", ..."retry", "Enter"],
};

/** The list of conversations, the title row's table, and the find bar. */
export const listScenes: readonly Scene[] = [search, states, totals, find];
