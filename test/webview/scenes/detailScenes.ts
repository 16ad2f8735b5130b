import type { Decision } from "../../../src/contract/decision.ts";
import { nanoUsd } from "../../../src/contract/money.ts";
import type { Skipped } from "../../../src/contract/skipped.ts";
import { answered, decision, failed, nowMs, step, summary, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const terra = "openai/gpt-6.1-terra";
const similarity = {
  index: 2,
  name: "Write code",
  score: 0.52,
  threshold: 0.35,
  nearest: { example: "Create a REST API", cosine: 0.61 },
};

const unreached: readonly Skipped[] = [
  { ref: "azure/gpt-4o", reason: "no-key", provider: "azure" },
  { ref: "google/gemini-4-argon", reason: "quota", untilMs: nowMs + 700_000 },
  { ref: "mistral/mistral-large-latest", reason: "auth" },
  { ref: "deepseek/deepseek-v5", reason: "forbidden" },
  { ref: "openrouter/qwen3-max", reason: "not-found" },
  { ref: "groq/llama-5-70b", reason: "rate-limit", untilMs: nowMs + 8000 },
  ...Array.from(
    { length: 24 },
    (_, index): Skipped => ({
      ref: `openrouter/model-${index + 1}`,
      reason: "below-min-quality",
      quality: 0.2 + index / 100,
      minQuality: 0.6,
    }),
  ),
];

const base = decision({
  route: { kind: "settings", name: "Write code", index: 2, similarity },
  chain: [step(sonnet, 0.004, 0.79), step(terra, 0.021, 0.77)],
  skipped: unreached,
});

const stayed: Decision = {
  ...base,
  outcome: { kind: "chosen", chain: [step(sonnet, 0.004, 0.79), step(terra, 0.021, 0.81)] },
  pick: "balanced",
  features: {
    ...base.features,
    cached: true,
    similarities: {
      embedder: "built-in",
      routes: [similarity],
      skipped: {
        embedder: "openai/text-embedding-4-small",
        failure: { kind: "timeout", provider: "openai", message: "slower than 300 ms", phase: "total" },
      },
    },
  },
  affinity: {
    kind: "stayed",
    last: sonnet,
    other: terra,
    cachedTokens: 2600,
    stayNanoUsd: nanoUsd(0.004),
    switchNanoUsd: nanoUsd(0.021),
    stayMs: 13_100,
    switchMs: 12_800,
  },
};

const stayedScene: Scene = {
  name: "details-stayed",
  height: 1300,
  messages: opening(
    1.28,
    [
      turn("Now add a filter by customer to the endpoint", "The endpoint takes `customerId` now.", {
        answer: { decision: stayed, summary: summary({ model: sonnet, usd: 0.0041 }) },
      }),
    ],
    "Failed payments, paged",
  ),
  clicks: ["button.sy-quiet"],
};

/** All skipped candidates, shown by the button below the chain. */
const opened: Scene = {
  ...stayedScene,
  name: "details-all",
  height: 1900,
  clicks: ["button.sy-quiet", ".sy-why-rest"],
};

const overloaded = { kind: "overloaded", provider: "openai", status: 529, message: "Overloaded" } as const;

const experiment: Scene = {
  name: "details-experiment",
  height: 1300,
  messages: opening(
    1.3,
    [
      turn("Is `any` ever right here?", "Hardly: `unknown` says the same and is checked.", {
        answer: {
          decision: {
            ...decision({
              route: { kind: "settings", name: "Questions", index: 3 },
              chain: [
                step(terra, 0.011, 0.77),
                step("openai/gpt-6-luna", 0.0009, 0.6),
                step(sonnet, 0.018, 0.79),
              ],
            }),
            features: {
              ...base.features,
              similarities: {
                embedder: "built-in",
                routes: [{ ...similarity, score: 0.31, threshold: 0.38 }],
              },
            },
            experiment: { name: "terra-against-sonnet", arm: "treatment", unit: "c1" },
          },
          fallbacks: [{ from: terra, to: sonnet, failure: overloaded }],
          summary: {
            ...summary({ model: sonnet, usd: 0.017 }),
            attempts: [
              failed(terra, overloaded),
              ...summary({ model: sonnet, usd: 0.017 }).attempts.map((each) => ({
                ...each,
                startedMs: 1400,
              })),
            ],
            fallbackCount: 1,
          },
        },
      }),
    ],
    "Types",
  ),
  clicks: ["button.sy-quiet"],
};

const interrupted: Scene = {
  name: "interrupted",
  messages: opening(
    1.3,
    [
      turn("Which index?", "An index on `(customer_id, created_at)` serves", {
        answer: { decision: decision() },
      }),
      turn("go on", "Both queries, for the first sorts by date", {
        answer: { decision: { ...decision(), followUp: true } },
      }),
      turn("yes", "Done.", {
        answer: { ...answered(sonnet, { usd: 0.0021 }), decision: { ...decision(), followUp: true } },
      }),
      turn("And the other one?", "The second one only", { answer: { decision: decision() } }),
    ],
    "Indexes",
  ),
};

/** The details with everything that a decision can hold, and interrupted answers. */
export const detailScenes: readonly Scene[] = [stayedScene, opened, experiment, interrupted];
