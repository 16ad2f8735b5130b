/** Settings of private files and of what is kept. */
import * as v from "valibot";
import { setting } from "./setting.ts";
import { count, glob } from "./values.ts";

export const privatePaths = setting({
  schema: v.array(glob),
  default: ["**/.env*"],
  scope: "window",
  grain: 1,
  markdownDescription:
    "Globs of files that go to local models only. A workspace can add to yours, and take none away.",
});

const days = count(1, 36_500);

export const conversationsKeepDays = setting({
  schema: days,
  default: 90,
  scope: "application",
  grain: 0,
  markdownDescription: "How many days conversations are kept.",
});

export const historyKeepDays = setting({
  schema: days,
  default: 400,
  scope: "application",
  grain: 0,
  markdownDescription: "How many days decisions, attempts and costs are kept.",
});

export const historyKeepText = setting({
  schema: v.boolean(),
  default: false,
  scope: "application",
  grain: 0,
  markdownDescription: "Keep the text of prompts with the decisions, so that they can be tried again.",
});
