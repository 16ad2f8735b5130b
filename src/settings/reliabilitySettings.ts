/** Settings of what happens when things go wrong. */
import * as v from "valibot";
import { section } from "./section.ts";
import { setting } from "./setting.ts";
import { about, count, milliseconds } from "./values.ts";

const TIMEOUTS = {
  connectMs: 5000,
  firstTokenMs: 12_000,
  firstTokenReasoningMs: 90_000,
  idleMs: 20_000,
  totalMs: 300_000,
};

export const timeouts = setting({
  schema: section({
    connectMs: v.optional(v.pipe(milliseconds, about("Until the connection stands.")), TIMEOUTS.connectMs),
    firstTokenMs: v.optional(v.pipe(milliseconds, about("Until the first token.")), TIMEOUTS.firstTokenMs),
    firstTokenReasoningMs: v.optional(
      v.pipe(milliseconds, about("Until the first sign of life of a model that reasons before it answers.")),
      TIMEOUTS.firstTokenReasoningMs,
    ),
    idleMs: v.optional(v.pipe(milliseconds, about("Between two pieces of an answer.")), TIMEOUTS.idleMs),
    totalMs: v.optional(
      v.pipe(milliseconds, about("Until an answer begins, over all attempts.")),
      TIMEOUTS.totalMs,
    ),
  }),
  default: TIMEOUTS,
  scope: "application",
  grain: 1,
  markdownDescription:
    "How long each phase of a call may take, in milliseconds, before the next model is asked.",
});

const BREAKER = { failures: 3, openMs: 10_000, maxOpenMs: 30_000 };

export const breaker = setting({
  schema: v.pipe(
    section({
      failures: v.optional(
        v.pipe(count(1, 1000), about("Failures in a row that pause a model.")),
        BREAKER.failures,
      ),
      openMs: v.optional(v.pipe(milliseconds, about("How long it pauses.")), BREAKER.openMs),
      maxOpenMs: v.optional(
        v.pipe(milliseconds, about("The longest pause: it doubles each time the model fails again.")),
        BREAKER.maxOpenMs,
      ),
    }),
    v.check(({ openMs, maxOpenMs }) => maxOpenMs >= openMs, "a maxOpenMs that is no less than openMs"),
  ),
  default: BREAKER,
  scope: "application",
  grain: 1,
  markdownDescription: "When a model that fails is paused, and for how long (milliseconds).",
});

export const fallbackFromExplicitChoice = setting({
  schema: v.boolean(),
  default: false,
  scope: "application",
  grain: 0,
  markdownDescription: "Ask another model when one that you picked yourself fails.",
});
