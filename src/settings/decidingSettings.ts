/** Settings of where a prompt goes. */
import * as v from "valibot";
import { routesSchema } from "./routesSchema.ts";
import { section } from "./section.ts";
import { setting, slot } from "./setting.ts";
import { about, count, name, usd, userTier } from "./values.ts";

const words = v.array(name);

const HIGH = ["analyze", "compare", "evaluate", "synthesize", "create"];
const MEDIUM = ["explain", "describe", "summarize", "list"];
const LOW = ["what is", "define", "translate", "format"];

export const routes = setting({
  schema: routesSchema,
  default: [],
  scope: "window",
  restricted: true,
  grain: 1,
  markdownDescription:
    "Where a prompt goes: the first route that matches wins, so the last one should match everything. Without routes, hard prompts go to the best model, others to the cheapest that is good enough.",
  snippets: [
    {
      label: "Route by complexity",
      description: "Hard prompts to a strong model, with another behind it",
      body: {
        name: slot(1, "Hard"),
        when: { complexity: ["high"] },
        models: [slot(2, "anthropic/claude-opus-5-5"), slot(3, "openai/gpt-6.1-sol")],
      },
    },
    {
      label: "Route by example",
      description: "Prompts that are like the examples",
      body: {
        name: slot(1, "Write code"),
        examples: [slot(2, "Write a Python function")],
        models: [slot(3, "anthropic/claude-sonnet-5-5")],
      },
    },
    {
      label: "Keep files local",
      description: "Prompts with these files go to a local model only",
      body: {
        name: slot(1, "Private files"),
        when: { paths: [slot(2, "**/secrets/**")] },
        models: [slot(3, "ollama/qwen3-coder")],
        localOnly: true,
      },
    },
    {
      label: "Everything else, cheapest",
      description: "The cheapest model that is good enough",
      body: {
        name: slot(1, "Everything else"),
        models: [slot(2, "openai/gpt-6-luna"), slot(3, "anthropic/claude-haiku-5-5")],
        pick: "cheapest",
        minQuality: 0.5,
      },
    },
  ],
});

export const complexityKeywords = setting({
  schema: section({
    high: v.optional(v.pipe(words, about("Make a prompt hard.")), HIGH),
    medium: v.optional(v.pipe(words, about("Make a prompt middling.")), MEDIUM),
    low: v.optional(v.pipe(words, about("Make a prompt easy.")), LOW),
  }),
  default: { high: HIGH, medium: MEDIUM, low: LOW },
  scope: "window",
  restricted: true,
  grain: 2,
  markdownDescription:
    "Words that tell how demanding a prompt is: whole words, in any case. The first level with a hit wins, high before medium before low. An empty list switches a level off.",
});

const HIGH_ABOVE = 2000;
const MEDIUM_ABOVE = 500;

export const complexityLength = setting({
  schema: v.pipe(
    section({
      highAbove: v.optional(v.pipe(count(), about("Longer prompts are hard.")), HIGH_ABOVE),
      mediumAbove: v.optional(v.pipe(count(), about("Longer prompts are middling.")), MEDIUM_ABOVE),
    }),
    v.check(
      ({ highAbove, mediumAbove }) => highAbove >= mediumAbove,
      "a highAbove that is no less than mediumAbove",
    ),
  ),
  default: { highAbove: HIGH_ABOVE, mediumAbove: MEDIUM_ABOVE },
  scope: "window",
  restricted: true,
  grain: 1,
  markdownDescription: "How long, in characters, a prompt is hard or middling where no keyword decides.",
});

export const semanticEmbedder = setting({
  schema: v.pipe(
    v.string(),
    v.maxLength(200),
    v.regex(/^(?:built-in|[^\s/]+\/\S+)$/, '"built-in", or a model as provider/model'),
  ),
  default: "built-in",
  scope: "application",
  grain: 0,
  markdownDescription:
    "What compares a prompt with the `examples` of routes: `built-in` (offline), or an embedding model as `provider/model`.",
  examples: ["built-in", "openai/text-embedding-3-small", "ollama/nomic-embed-text"],
});

export const secondUsd = setting({
  schema: usd,
  default: 0.001,
  scope: "application",
  grain: 0,
  markdownDescription: "What a second of waiting is worth, in dollars, where a route picks `balanced`.",
});

export const tier = setting({
  schema: userTier,
  default: "standard",
  scope: "application",
  grain: 0,
  markdownDescription: "Your tier, for routes that ask for one.",
});

export const user = setting({
  schema: v.pipe(v.string(), v.maxLength(200)),
  default: "",
  scope: "application",
  grain: 0,
  markdownDescription: "Who you are in experiments. Empty: a random id, made once.",
});
