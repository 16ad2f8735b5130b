import type { ToView } from "../../../src/contract/view/protocol.ts";
import { answered, decision, step, summary, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const earlier = [
  turn("Which tests are slow?", "Those that start a server: `connections.test.ts` and `clients.test.ts`.", {
    answer: answered(sonnet, { usd: 0.21, tookMs: 8200 }),
  }),
  turn("And which of them wait?", "Only `connections.test.ts`, for a client that does not read.", {
    answer: answered(sonnet, { usd: 0.22, tookMs: 6100 }),
  }),
];

const interrupted = turn("Then rewrite it", "The test can use a clock of its own:\n\n1. Inject", {
  answer: answered(sonnet, {
    usd: 0.21,
    estimated: true,
    tookMs: 2400,
    ending: { kind: "stopped", interrupted: true },
  }),
});

const expensive: ToView = {
  type: "forecast",
  forecast: {
    decision: { ...decision({ chain: [step(sonnet, 1.6, 0.79)] }), expectedInputTokens: 525_900 },
    earlierTokens: 524_600,
  },
  draft: "",
};

const long: Scene = {
  name: "long-conversation",
  messages: [...opening(1.3, [...earlier, interrupted], "Slow tests"), expensive],
  typed: "And now the other one",
};

const tooLong = turn("And now the other one", "", {
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
    summary: summary({ usd: 0, ending: { kind: "not-sent", reason: { kind: "no-model-available" } } }),
  },
});

const leftOut: Scene = {
  name: "left-out",
  height: 900,
  messages: opening(1.3, [...earlier, tooLong], "Slow tests").map((message) =>
    message.type === "conversation" && message.conversation !== null
      ? { ...message, conversation: { ...message.conversation, leftOut: 1 } }
      : message,
  ),
};

const formula = `The standard error of a mean falls with \\(\\sqrt{n}\\):

$$
\\sigma_{\\bar x} = \\frac{\\sigma}{\\sqrt{n}}
$$

As a file:

\`\`\`markdown
# Statistics

\`\`\`bash
npm run report
\`\`\`

Done.
\`\`\`
`;

const documentAndFormula: Scene = {
  name: "document-and-formula",
  messages: opening(1.3, [turn("Write it up", formula, { answer: answered(sonnet) })], "Statistics"),
};

export const longScenes: readonly Scene[] = [long, leftOut, documentAndFormula];
