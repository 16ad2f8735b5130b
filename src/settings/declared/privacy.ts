/** Settings of private files and of what is stored, and for how long. */
import * as v from "valibot";
import { count, glob, setting } from "../values.ts";

export const privatePaths = setting({
  schema: v.array(glob),
  default: ["**/.env*"],
  scope: "window",
  recoveryDepth: "closed",
  markdownDescription:
    "Glob patterns of private files, which are sent to local models only. A conversation that contains a private file stays with local models. A workspace can add patterns, but not remove yours.",
  example: ["**/.env*", "**/secrets/**"],
});

const days = count(1, 36_500);

export const conversationsKeepDays = setting({
  schema: days,
  default: 90,
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription: "How many days to keep conversations that are not pinned.",
});

export const historyKeepDays = setting({
  schema: days,
  default: 400,
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription: "How many days to keep decisions, attempts and costs.",
});

export const historyKeepText = setting({
  schema: v.boolean(),
  default: false,
  scope: "application",
  recoveryDepth: 0,
  markdownDescription: "Keep the text of prompts with the decisions.",
});
