/** Settings of A/B experiments. */
import * as v from "valibot";
import type { ExperimentMetric } from "../../contract/history.ts";
import { described, modelRef, name, object, setting, share, withDefault } from "../values.ts";

/** A route's A/B experiment. */
export const experiment = object({
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
    v.picklist(["kept", "thumbs", "costUsd", "latencyMs"] as const satisfies readonly ExperimentMetric[]),
    v.metadata({
      markdownDescription:
        "What to compare: whether edits of code are kept, thumbs up and down, the cost in dollars, or the time to answer.",
    }),
  ),
});

export const user = setting({
  schema: v.pipe(v.string(), v.maxLength(200)),
  default: "",
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "Your id in experiments whose `unit` is `user`. Empty: a random id, created once for this installation.",
});
