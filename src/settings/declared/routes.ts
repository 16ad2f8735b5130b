/** Settings of routes: which models answer which prompts, and how a route chooses among its models. */
import * as v from "valibot";
import type { ComplexityLevel } from "../../contract/features.ts";
import { EFFORT_LEVELS } from "../../contract/provider/ask.ts";
import {
  capability,
  count,
  described,
  glob,
  milliseconds,
  modelRef,
  name,
  nonEmptyList,
  object,
  optional,
  setting,
  share,
  tabStop,
  userTier,
  withDefault,
} from "../values.ts";
import { experiment } from "./experiments.ts";

const level = v.picklist(["low", "medium", "high"] as const satisfies readonly ComplexityLevel[]);

/** @param most the largest value. @param step the least difference between two values */
function range<const S extends v.GenericSchema<number, number>>(bound: S, most: number, step: number) {
  return v.pipe(
    object({
      above: optional(bound, "Matches values greater than this."),
      below: optional(bound, "Matches values less than this."),
    }),
    v.check(
      ({ above, below }) =>
        above === undefined
          ? below !== undefined && below > 0
          : above < most && above + step < (below ?? Number.POSITIVE_INFINITY),
      "a range that a value can be in, with an above that is less than its below",
    ),
  );
}

/** The conditions of a route. */
export const when = object({
  complexity: optional(
    v.union([nonEmptyList(level), range(share, 1, 0)]),
    "Complexity levels, or a range of the complexity score (0 to 1; medium starts at ⅓, high at ⅔).",
  ),
  commands: optional(nonEmptyList(name), "Commands without the slash, such as `explain` or `fix`."),
  languages: optional(nonEmptyList(name), "Language ids of VS Code, such as `typescript`."),
  paths: optional(
    nonEmptyList(glob),
    "Glob patterns. At least one attached file must match, relative to its workspace folder.",
  ),
  contextTokens: optional(
    range(count(), Number.POSITIVE_INFINITY, 1),
    "The size of the whole request in tokens: prompt, attached code and conversation.",
  ),
  needs: optional(nonEmptyList(capability), "Capabilities that the request needs."),
  userTier: optional(nonEmptyList(userTier), "User tiers, see `switchyard.userTier`."),
  keywords: optional(
    nonEmptyList(name),
    "Whole words or phrases in the prompt, ignoring case. Attached code is not searched.",
  ),
});

/** One model of a route's chain. */
export const chainEntry = object({
  model: described(modelRef, "The model, as `provider/model`."),
  timeoutMs: optional(
    milliseconds,
    "How long to wait for the first token, in milliseconds. Overrides `switchyard.timeouts`.",
  ),
  userTier: optional(nonEmptyList(userTier), "Use this model only for these user tiers."),
});

/** The fields of a route. */
export const routeFields = object({
  name: described(name, "The route's name, shown under each answer."),
  when: optional(when, "Conditions that must all hold. Without it, the route matches every prompt."),
  examples: optional(
    nonEmptyList(v.pipe(v.string(), v.nonEmpty(), v.maxLength(8000))),
    "Example prompts. The route matches prompts that are similar to them. Give five or more.",
  ),
  threshold: optional(
    v.union([share, v.picklist(["loose", "strict"])]),
    "How similar to the examples a prompt must be: `loose`, `strict`, or a number from 0 to 1. Computed from the examples and from generic prompts by default.",
  ),
  models: described(
    nonEmptyList(
      v.pipe(
        v.union([modelRef, chainEntry]),
        v.transform((entry) => (typeof entry === "string" ? { model: entry } : entry)),
      ),
    ),
    "The models in order of preference. If one fails, the next one answers.",
  ),
  pick: v.optional(
    v.pipe(
      v.picklist(["first", "cheapest", "fastest", "balanced", "cascade"]),
      v.metadata({
        markdownDescription: "How to choose among the available models.",
        enumDescriptions: [
          "The first available model, in the order written.",
          "The model with the lowest expected cost.",
          "The model with the lowest expected time for the whole answer.",
          "The model with the lowest expected cost plus time, see switchyard.secondUsd.",
          "For edits of selected code: a cheap model, and the next better one where the check fails, as long as the check rejects enough wrong edits; else the strongest model.",
        ],
      }),
    ),
    "first",
  ),
  minQuality: optional(
    share,
    "Skip models of lower quality (0 to 1, the share of SWE-bench Verified that they solve).",
  ),
  effort: optional(
    v.picklist(EFFORT_LEVELS),
    "How much models that can reason do so. The model's own by default. An effort that you choose for a conversation, or that a client of `serve` asks for, takes precedence.",
  ),
  localOnly: withDefault(v.boolean(), false, "Use only models that run on this machine or network."),
  experiment: optional(experiment, "An A/B experiment between two of the route's models."),
});

/** One entry of `switchyard.routes`. */
export const route = v.pipe(
  routeFields,
  v.check(
    ({ experiment, models }) =>
      experiment === undefined ||
      [experiment.control, experiment.treatment].every((arm) => models.some(({ model }) => model === arm)),
    "a route whose models include both control and treatment of its experiment",
  ),
  v.check(
    ({ experiment }) => experiment === undefined || experiment.control !== experiment.treatment,
    "an experiment between two different models",
  ),
);

export const routes = setting({
  schema: v.array(route),
  default: [],
  scope: "window",
  restricted: true,
  recoveryDepth: "closed",
  markdownDescription:
    "Which models answer which prompts. The first matching route applies, so the last one should match everything. If no route matches, or none is set, Switchyard derives three routes from the providers that have a key: the best model for prompts of high complexity, and the cheapest good enough models for the others.",
  example: [
    {
      name: "Private files",
      when: { paths: ["**/secrets/**"] },
      models: ["ollama/qwen3-coder"],
      localOnly: true,
    },
    {
      name: "Hard",
      when: { complexity: ["high"] },
      models: [{ model: "openai/gpt-6.1-sol", timeoutMs: 30_000 }, "anthropic/claude-opus-5-5"],
    },
    {
      name: "Everything else",
      models: ["openai/gpt-6-luna", "anthropic/claude-haiku-5-5"],
      pick: "cheapest",
      minQuality: 0.5,
    },
  ],
  snippets: [
    {
      label: "Route by complexity",
      description: "Prompts of high complexity to a strong model, with a fallback",
      body: {
        name: tabStop(1, "Hard"),
        when: { complexity: ["high"] },
        models: [tabStop(2, "anthropic/claude-opus-5-5"), tabStop(3, "openai/gpt-6.1-sol")],
      },
    },
    {
      label: "Route by example",
      description: "Prompts that are similar to the examples",
      body: {
        name: tabStop(1, "Write code"),
        examples: [tabStop(2, "Write a Python function")],
        models: [tabStop(3, "anthropic/claude-sonnet-5-5")],
      },
    },
    {
      label: "Keep files local",
      description: "Prompts with these files to a local model only",
      body: {
        name: tabStop(1, "Private files"),
        when: { paths: [tabStop(2, "**/secrets/**")] },
        models: [tabStop(3, "ollama/qwen3-coder")],
        localOnly: true,
      },
    },
    {
      label: "Everything else, cheapest",
      description: "The cheapest model that is good enough",
      body: {
        name: tabStop(1, "Everything else"),
        models: [tabStop(2, "openai/gpt-6-luna"), tabStop(3, "anthropic/claude-haiku-5-5")],
        pick: "cheapest",
        minQuality: 0.5,
      },
    },
  ],
});

/** One entry of `switchyard.routes`, with shorthands expanded. */
export type Route = v.InferOutput<typeof route>;
export type When = v.InferOutput<typeof when>;
/** One model of a route's chain, with its own timeout and user tiers. */
export type ChainEntry = v.InferOutput<typeof chainEntry>;
