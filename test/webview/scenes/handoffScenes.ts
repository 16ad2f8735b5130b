import type { AnswerSummary, Attempt, Handoff } from "../../../src/contract/answer.ts";
import type { Decision } from "../../../src/contract/decision.ts";
import { nanoUsd } from "../../../src/contract/money.ts";
import type { TurnView } from "../../../src/contract/view/conversationMessages.ts";
import { broken, decision, failed, step, summary, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const terra = "openai/gpt-6.1-terra";
const haiku = "anthropic/claude-haiku-5-5";
const chosen: Decision = decision({
  chain: [step(sonnet, 0.018, 0.79), step(haiku, 0.006, 0.68), step(terra, 0.011, 0.77)],
});

const index =
  "An index on `(customer_id, created_at)` serves both queries, for the first sorts by date within a customer and the second only ‖filters by customer. A second index would cost writes and gain nothing.";

const code = `Wait longer each time:

\`\`\`ts src/http/retry.ts
for (let n = 1; ; n++) {
  await sleep(‖waitMs(n));
}
\`\`\`

| Status | Again? |
|---|---|
| 429 | Yes‖ |
| 400 | No |

1. It gives up at once on errors that will not pass.
2. It waits **as long as \`Retry-After\` ‖says**, where it is given.

Both are tested **with ‖fake timers** now.`;

/** A turn whose answer broke at each `‖`, and was continued by the next model. */
function resumed(
  prompt: string,
  marked: string,
  models: readonly string[],
  answer: Partial<TurnView["answer"]> = {},
): TurnView {
  const parts = marked.split("‖");
  const handoffs = parts.slice(0, -1).map((_, place) => ({
    at: parts.slice(0, place + 1).join("").length,
    from: models[place % models.length] ?? "",
    to: models[(place + 1) % models.length] ?? "",
  }));
  return turn(prompt, parts.join(""), { answer: { decision: chosen, handoffs, ...answer } });
}

function answered(
  ref: string,
  startedMs: number,
  resumeMethod: NonNullable<Attempt["resumeMethod"]>,
): Attempt {
  const [attempt] = summary({ model: ref, usd: 0.007, tookMs: 4100 }).attempts;
  if (attempt === undefined) throw new Error("A summary of an answer has its attempt");
  return { ...attempt, startedMs, resumeMethod };
}

const overloaded = { kind: "overloaded", provider: "anthropic", status: 529, message: "Overloaded" } as const;

function resumedSummary(attempts: readonly Attempt[], handoffs: readonly Handoff[]): AnswerSummary {
  const base = summary({ model: terra, usd: 0.011, estimated: true, tookMs: 9800 });
  return { ...base, attempts, handoffs, fallbackCount: 2 };
}

const complete = resumedSummary(
  [
    broken(sonnet),
    {
      ...failed(haiku, overloaded, 5200, 2300),
      cost: { kind: "exact", nanoUsd: nanoUsd(0.0008) },
      outcome: { kind: "not-resumed" },
      resumeMethod: "anchor",
    },
    answered(terra, 7500, "prefill"),
  ],
  [{ from: sonnet, to: terra, method: "prefill" }],
);

const inSentence: Scene = {
  name: "resumed",
  messages: opening(
    1.3,
    [
      resumed("Which index?", index, [sonnet, terra], { summary: complete }),
      turn("And the third query?", "It reads the whole table, and an index on `state` would", {
        answer: {
          decision: chosen,
          fallbacks: [
            {
              from: sonnet,
              to: haiku,
              failure: { kind: "cut", provider: "anthropic", message: "socket hang up" },
            },
          ],
          summary: {
            ...summary({
              model: sonnet,
              usd: 0.004,
              estimated: true,
              tookMs: 7500,
              ending: {
                kind: "failed",
                failure: { kind: "cut", provider: "anthropic", message: "socket hang up" },
              },
            }),
            attempts: [broken(sonnet), { ...failed(haiku, overloaded, 5200), resumeMethod: "anchor" }],
          },
        },
      }),
    ],
    "Indexes",
  ),
};

const details: Scene = {
  name: "resumed-details",
  height: 1100,
  messages: opening(1.3, [resumed("Which index?", index, [sonnet, terra], { summary: complete })], "Indexes"),
  clicks: ["button.sy-quiet"],
};

/** A handoff in every kind of block that stays in one piece, and in strong text of a paragraph. */
const everywhere: Scene = {
  name: "resumed-blocks",
  height: 900,
  messages: opening(
    1.3,
    [resumed("How does it retry?", code, [sonnet, haiku, terra], { summary: complete })],
    "Retry",
  ),
};

const streamed = resumed("How does it retry?", "", []);
const beginning = code.slice(0, code.indexOf("‖"));
const streaming: Scene = {
  name: "resumed-streaming",
  messages: [
    ...opening(1.3, [streamed], "Retry", streamed.id),
    { type: "text", turnId: streamed.id, text: beginning },
    {
      type: "answer",
      turnId: streamed.id,
      busy: true,
      answer: {
        decision: chosen,
        fallbacks: [],
        handoffs: [{ at: beginning.length, from: sonnet, to: terra }],
      },
    },
    { type: "text", turnId: streamed.id, text: "waitMs(n));\n  // and once" },
  ],
};

/** Answers whose stream broke, and how they continued. */
export const handoffScenes: readonly Scene[] = [inSentence, details, everywhere, streaming];
