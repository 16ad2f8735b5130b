/** Settings of how a model is chosen, besides routes. */
import * as v from "valibot";
import type { Dial } from "../../contract/decision.ts";
import { setting, share, usd, userTier } from "../values.ts";

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

export const fallbackFromExplicitChoice = setting({
  schema: v.boolean(),
  default: false,
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "If a model that you picked yourself fails, let the next model of the route answer. Off: the prompt fails with the reason.",
});
