import * as v from "valibot";
import type { ComplexityLevel } from "../contract/features.ts";
import { section } from "./section.ts";
import {
  about,
  capability,
  count,
  glob,
  listOf,
  milliseconds,
  modelRef,
  name,
  share,
  userTier,
} from "./values.ts";

const level = v.picklist(["low", "medium", "high"] as const satisfies readonly ComplexityLevel[]);

function range<const S extends v.GenericSchema<number, number>>(bound: S) {
  return section({
    above: v.exactOptional(v.pipe(bound, about("More than this."))),
    below: v.exactOptional(v.pipe(bound, about("Less than this."))),
  });
}

const when = section({
  complexity: v.exactOptional(
    v.pipe(
      v.union([listOf(level), range(share)]),
      about("Levels of complexity, or a range of its score (0 to 1; from ⅓ it is medium, from ⅔ high)."),
    ),
  ),
  commands: v.exactOptional(v.pipe(listOf(name), about("Commands without the slash: `explain`, `fix`, …"))),
  languages: v.exactOptional(v.pipe(listOf(name), about("Language ids of VS Code, e.g. `typescript`."))),
  paths: v.exactOptional(
    v.pipe(listOf(glob), about("Globs over the files that go along, relative to their workspace folder.")),
  ),
  contextTokens: v.exactOptional(
    v.pipe(
      range(count()),
      about("The size of the whole request, in tokens: prompt, attached code and history."),
    ),
  ),
  needs: v.exactOptional(v.pipe(listOf(capability), about("What the request needs of a model."))),
  userTier: v.exactOptional(v.pipe(listOf(userTier), about("Tiers of user (`switchyard.userTier`)."))),
  keywords: v.exactOptional(
    v.pipe(listOf(name), about("Whole words or phrases in the user's own words, in any case.")),
  ),
});

const chainEntry = section({
  model: v.pipe(modelRef, about("The model, as `provider/model`.")),
  timeoutMs: v.exactOptional(
    v.pipe(milliseconds, about("How long to wait for its first token, instead of `switchyard.timeouts`.")),
  ),
  userTier: v.exactOptional(v.pipe(listOf(userTier), about("Only for these tiers of user."))),
});

const metric = v.picklist(["thumbs", "costUsd", "latencyMs"]);

const experiment = section({
  name: v.pipe(name, about("Who is in which group hangs on this name: another name deals anew.")),
  control: v.pipe(modelRef, about("The model as it is now.")),
  treatment: v.pipe(modelRef, about("The model that is tried.")),
  treatmentShare: v.pipe(share, about("The share that the tried model gets, 0 to 1.")),
  unit: v.optional(
    v.pipe(v.picklist(["conversation", "user", "request"]), about("What is dealt to a group as a whole.")),
    "conversation",
  ),
  metric: v.pipe(
    v.string(),
    v.metadata({ enum: metric.options, markdownDescription: "What decides: thumbs, cost, or time." }),
    // Version 0.1.0 also offered `kept`, which it never measured. A route with it stays valid.
    v.transform((metric) => (metric === "kept" ? "thumbs" : metric)),
    metric,
  ),
});

const route = v.pipe(
  section({
    name: v.pipe(name, about("Stands under each answer.")),
    when: v.exactOptional(v.pipe(when, about("All that is given must hold. Left out: it always holds."))),
    examples: v.exactOptional(
      v.pipe(
        listOf(v.pipe(v.string(), v.nonEmpty(), v.maxLength(8000))),
        about("Prompts that belong here. Five or more work best."),
      ),
    ),
    threshold: v.exactOptional(v.pipe(share, about("How similar to the examples a prompt must be, 0 to 1."))),
    models: v.pipe(
      listOf(
        v.pipe(
          v.union([modelRef, chainEntry]),
          v.transform((entry) => (typeof entry === "string" ? { model: entry } : entry)),
        ),
      ),
      about("The models in order; when one fails, the next is asked."),
    ),
    pick: v.optional(
      v.pipe(
        v.picklist(["first", "cheapest", "fastest", "balanced"]),
        v.metadata({
          markdownDescription: "How to choose among the models that may be asked.",
          enumDescriptions: [
            "The first in the order written.",
            "The one that is expected to cost least.",
            "The one that is expected to be done first.",
            "The least sum of money and time (switchyard.secondUsd).",
          ],
        }),
      ),
      "first",
    ),
    minQuality: v.exactOptional(
      v.pipe(share, about("Models below this quality (share of SWE-bench Verified solved) are passed over.")),
    ),
    localOnly: v.optional(
      v.pipe(v.boolean(), about("Only models that run on this machine or network.")),
      false,
    ),
    experiment: v.exactOptional(v.pipe(experiment, about("Tries one model against another."))),
  }),
  v.check(
    ({ experiment: trial, models }) =>
      trial === undefined ||
      [trial.control, trial.treatment].every((arm) => models.some(({ model }) => model === arm)),
    "a route whose models hold both control and treatment of its experiment",
  ),
  v.check(
    ({ experiment: trial }) => trial === undefined || trial.control !== trial.treatment,
    "an experiment between two models that differ",
  ),
);

export const routesSchema = v.array(route);

/** One entry of `switchyard.routes`, its shorthands written out. */
export type Route = v.InferOutput<typeof route>;
export type When = v.InferOutput<typeof when>;
export type ChainEntry = v.InferOutput<typeof chainEntry>;
