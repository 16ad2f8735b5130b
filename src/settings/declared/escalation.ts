/** What happens after an edit of selected code that failed its check. */
import * as v from "valibot";
import { count, setting } from "../values.ts";

export const escalate = setting({
  schema: v.pipe(
    v.picklist(["offer", "auto", "off"]),
    v.metadata({
      enumDescriptions: [
        "Offer a stronger model, with its expected cost, in a line at the edit.",
        "Ask the stronger model at once. Escape cancels it, and the failed edit stays.",
        "Show only what the check found.",
      ],
    }),
  ),
  default: "offer",
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "What follows if the check of an edit of selected code fails. The next try goes to a stronger model, with the failed edit and what the check found, within the budget.",
  example: "auto",
});

// VS Code drops `switchyard.escalate.maxSteps` where `switchyard.escalate` has a value: it reads names as paths.
export const escalationMaxSteps = setting({
  schema: count(1, 10),
  default: 2,
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "How often an edit may go to a stronger model, counted from the first one. It applies where `switchyard.escalate` is `offer` or `auto`.",
});
