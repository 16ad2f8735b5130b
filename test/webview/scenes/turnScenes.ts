import type { RouteMatch } from "../../../src/contract/decision.ts";
import type { ToView } from "../../../src/contract/view/protocol.ts";
import { answered, decision, file, selection, step, summary, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const why = turn("Why does the importer wait twice?", "It opens the file once to count, and once to read.", {
  answer: answered(sonnet),
});
const regenerated = turn("And can it be done in one pass?", "Yes: read it once and count while reading.", {
  answer: answered("openai/gpt-6.1-sol", { usd: 0.021 }),
});
const variants: Scene = {
  name: "variants",
  messages: opening(
    1.24,
    [
      why,
      {
        ...regenerated,
        alternatives: { answers: ["x1", regenerated.id, "x3"], prompts: ["p1", regenerated.id] },
      },
    ],
    "Importer",
  ),
  keys: ["Shift+Tab"],
};

const writing = turn("Write tests for the waiting times, with fake timers", "", {
  answer: { decision: decision() },
});

const queued: ToView = {
  type: "queued",
  prompts: [
    { id: "1", prompt: { text: "Then add a line to the changelog", context: [] } },
    {
      id: "2",
      prompt: {
        text: "Explain what the retry does in two sentences, for the handbook",
        command: "explain",
        context: [selection("src/http/retry.ts", 12, 48, 420)],
      },
    },
    { id: "3", prompt: { text: "And name it better", context: [] } },
  ],
};

const queue: Scene = {
  name: "queue",
  messages: [
    ...opening(1.26, [writing], "Retry that respects Retry-After", writing.id),
    { type: "text", turnId: writing.id, text: "Three cases matter, and none of them should really wait:" },
    queued,
  ],
  typed: "One more thing",
};

const stopped = turn(
  "Where is the client built?",
  "There are four places where the client is built, and three",
  {
    answer: {
      decision: decision(),
      summary: {
        ...summary({ model: sonnet, usd: 0.0034, estimated: true, tookMs: 2000 }),
        ending: { kind: "stopped" },
      },
    },
  },
);
const waiting: Scene = {
  name: "queue-waiting",
  messages: [...opening(1.26, [stopped], "Client"), queued],
};

const long = turn(
  Array.from(
    { length: 2000 },
    (_, at) => `2026-11-21T14:12:${String(at % 60).padStart(2, "0")}Z worker ${at} waits`,
  ).join("\n"),
  "All workers wait for the same lock.",
  { answer: answered(sonnet), context: [file("logs/worker.log", 1200)] },
);
const longPrompt: Scene = { name: "long-prompt", messages: opening(1.24, [long], "Workers") };

const edited: Scene = {
  name: "prompt-edited",
  messages: opening(1.24, [why], "Importer"),
  clicks: ['[aria-label="Edit and resend"]'],
};

const settings = (name: string): RouteMatch => ({ kind: "settings", name, index: 0 });

/** Quiet lines of many lengths: what gives way, and whether gaps are left. */
const lines: Scene = {
  name: "quiet-lines",
  messages: opening(
    1.24,
    [
      turn("a", "Short.", {
        answer: {
          ...answered("a/o3", { usd: 0.0009, tookMs: 900 }),
          decision: decision({ route: settings("All") }),
        },
      }),
      turn("b", "Usual.", { answer: answered(sonnet) }),
      turn("c", "Long.", {
        answer: {
          ...answered("gpu-box/qwen3-coder-480b-instruct-awq", { usd: null, tookMs: 75_000 }),
          decision: decision({
            route: settings("Questions about the billing service"),
            chain: [step("gpu-box/qwen3-coder-480b-instruct-awq", undefined, 0.7)],
          }),
        },
      }),
      turn("d", "Stopped.", {
        answer: {
          ...answered("anthropic/claude-opus-5-5", { usd: 0.0034, tookMs: 2000, estimated: true }),
          decision: decision({ route: settings("X") }),
        },
      }),
    ],
    "Lines",
  ),
};

/** Branches of a conversation, queued and edited prompts, and the quiet line. */
export const turnScenes: readonly Scene[] = [variants, queue, waiting, longPrompt, edited, lines];
