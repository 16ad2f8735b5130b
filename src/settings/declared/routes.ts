/** Settings of routes: which models answer which prompts, and how a route chooses among its models. */
import * as v from "valibot";
import type { Dial } from "../../contract/decision.ts";
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
  usd,
  userTier,
  withDefault,
} from "../values.ts";

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

const metric = v.picklist(["thumbs", "costUsd", "latencyMs"]);

const experimentSchema = object({
  name: described(
    name,
    "Assignment to control or treatment depends on this name. Change it to assign again.",
  ),
  control: described(modelRef, "The current model."),
  treatment: described(modelRef, "The model to try."),
  treatmentShare: described(share, "The share of units that get the treatment, 0 to 1."),
  unit: withDefault(
    v.picklist(["conversation", "user", "request"]),
    "conversation",
    "What is assigned as a whole: all prompts of one unit get the same model.",
  ),
  metric: v.pipe(
    v.string(),
    v.metadata({
      enum: metric.options,
      markdownDescription: "What to compare: thumbs up and down, the cost in dollars, or the time to answer.",
    }),
    // Version 0.1.0 also offered `kept`, which it never measured. A route with it stays valid.
    v.transform((text) => (text === "kept" ? "thumbs" : text)),
    metric,
  ),
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
      v.picklist(["first", "cheapest", "fastest", "balanced"]),
      v.metadata({
        markdownDescription: "How to choose among the available models.",
        enumDescriptions: [
          "The first available model, in the order written.",
          "The model with the lowest expected cost.",
          "The model with the lowest expected time for the whole answer.",
          "The model with the lowest expected cost plus time, see switchyard.secondUsd.",
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
  experiment: optional(experimentSchema, "An A/B experiment between two of the route's models."),
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

export const dial = setting({
  schema: v.pipe(
    v.picklist(["cheap", "balanced", "best"] as const satisfies readonly Dial[]),
    v.metadata({
      enumDescriptions: [
        "The cheapest model of quality 0.7 or more for prompts of high complexity, of 0.5 or more for medium, of 0.3 or more for low.",
        "The cheapest model near the best quality for prompts of high complexity, of quality 0.7 or more for medium, of 0.5 or more for low.",
        "The cheapest model near the best quality for every prompt.",
      ],
    }),
  ),
  default: "balanced",
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "Shifts the derived routes, which apply where no route of `switchyard.routes` does, toward low cost or high quality. The model picker of the chat changes it.",
});

export const derivedTolerance = setting({
  schema: share,
  default: 0.02,
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "How much less quality (0 to 1) the derived routes accept for a lower cost: the route for high complexity takes the cheapest model within this much of the best quality, the others the cheapest model that misses their limit by no more.",
});

export const secondUsd = setting({
  schema: usd,
  default: 0.001,
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    'What a second of waiting is worth, in dollars. Routes with `pick: "balanced"` add it to a model\'s expected cost for each second that its answer is expected to take.',
});

export const tier = setting({
  schema: userTier,
  default: "standard",
  scope: "application",
  recoveryDepth: 0,
  markdownDescription: "Your user tier, for routes and models that are limited to certain tiers.",
});

export const user = setting({
  schema: v.pipe(v.string(), v.maxLength(200)),
  default: "",
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "Your id in experiments whose `unit` is `user`. Empty: a random id, created once for this installation.",
});

export const fallbackFromExplicitChoice = setting({
  schema: v.boolean(),
  default: false,
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "If a model that you picked yourself fails, let the next model of the route answer. Off: the prompt fails with the reason.",
});

/** One entry of `switchyard.routes`, with shorthands expanded. */
export type Route = v.InferOutput<typeof route>;
export type When = v.InferOutput<typeof when>;
/** One model of a route's chain, with its own timeout and user tiers. */
export type ChainEntry = v.InferOutput<typeof chainEntry>;
