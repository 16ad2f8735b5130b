/** Settings of private files, prompts, what is kept, and the endpoint. */
import * as v from "valibot";
import { dictionary, section } from "./section.ts";
import { setting, slot } from "./setting.ts";
import { about, count, glob } from "./values.ts";

export const privatePaths = setting({
  schema: v.array(glob),
  default: ["**/.env*"],
  scope: "window",
  grain: 1,
  markdownDescription:
    "Globs of files that go to local models only. A workspace can add to yours, and take none away.",
});

export const prompts = setting({
  schema: dictionary(
    v.pipe(v.string(), v.regex(/^[^\s/]{1,50}$/, 'a command\'s name without spaces and "/"')),
    v.pipe(v.string(), v.nonEmpty(), v.maxLength(100_000)),
  ),
  default: {},
  scope: "application",
  grain: 1,
  markdownDescription:
    "Prompts of your own for selected code, by the name of their command. `{selection}` stands for the code.",
  snippets: [
    {
      label: "Review",
      description: "A prompt for selected code",
      body: { [slot(1, "review")]: slot(2, "Review this code for mistakes: {selection\\}") },
    },
  ],
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

const ENDPOINT = { enabled: false, port: 4141 };

export const endpoint = setting({
  schema: section({
    enabled: v.optional(v.pipe(v.boolean(), about("Listen.")), ENDPOINT.enabled),
    port: v.optional(v.pipe(count(1, 65_535), about("The port on 127.0.0.1.")), ENDPOINT.port),
  }),
  default: ENDPOINT,
  scope: "application",
  grain: 1,
  markdownDescription:
    "An endpoint on this machine for terminal tools, in the formats of OpenAI and Anthropic.",
});
