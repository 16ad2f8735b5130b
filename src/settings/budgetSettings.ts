/** Settings of what it may cost. */
import * as v from "valibot";
import { setting } from "./setting.ts";
import { count, usd } from "./values.ts";

export const dailyUsd = setting({
  schema: v.nullable(usd),
  default: 5,
  scope: "application",
  grain: 0,
  markdownDescription: "The most that a day may cost, in dollars, over all windows. `null`: no limit.",
});

export const monthlyUsd = setting({
  schema: v.nullable(usd),
  default: null,
  scope: "application",
  grain: 0,
  markdownDescription: "The most that a month may cost, in dollars, over all windows. `null`: no limit.",
});

export const whenExceeded = setting({
  schema: v.pipe(
    v.picklist(["free", "cheapest", "ask", "stop"]),
    v.metadata({
      enumDescriptions: [
        "A model that costs nothing answers; where there is none, nobody does.",
        "The cheapest model answers although the budget is passed: a soft limit.",
        "You are asked each time.",
        "Nobody answers.",
      ],
    }),
  ),
  default: "free",
  scope: "application",
  grain: 0,
  markdownDescription: "What happens when the budget does not carry a prompt.",
});

export const warnAt = setting({
  schema: v.array(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  default: [0.8],
  scope: "application",
  grain: 1,
  markdownDescription: "Shares of the budget, above 0 and up to 1, at which you are warned.",
});

export const maxOutputTokens = setting({
  schema: count(1, 10_000_000),
  default: 16384,
  scope: "application",
  grain: 0,
  markdownDescription: "The most tokens that an answer may have, unless more is asked for.",
});
