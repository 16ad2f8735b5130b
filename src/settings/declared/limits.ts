/** Settings of the limits on money, answer length and time, and of pauses after failures. */
import * as v from "valibot";
import {
  count,
  milliseconds,
  modelRef,
  object,
  providerId,
  record,
  setting,
  usd,
  withDefault,
} from "../values.ts";

export const dailyUsd = setting({
  schema: v.nullable(usd),
  default: 5,
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription:
    "The budget for a day, in US dollars, for all windows together. A day starts at local midnight. `null`: no limit.",
  example: 10,
});

export const monthlyUsd = setting({
  schema: v.nullable(usd),
  default: null,
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription:
    "The budget for a calendar month, in US dollars, for all windows together. `null`: no limit.",
  example: 100,
});

export const perConversationUsd = setting({
  schema: v.nullable(usd),
  default: null,
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription:
    "The most that a conversation may cost, in US dollars, on all its days together. `null`: no limit.",
  example: 0.5,
});

export const perModelUsd = setting({
  schema: record(modelRef, usd),
  default: {},
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription:
    "The most that a model may cost in a day, in US dollars: for some models, beside the limits for all of them.",
  example: { "anthropic/claude-opus-5-5": 2 },
});

export const perProviderUsd = setting({
  schema: record(providerId, usd),
  default: {},
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription: "The most that all models of a provider may cost in a day, in US dollars.",
  example: { anthropic: 3 },
});

export const whenExceeded = setting({
  schema: v.pipe(
    v.picklist(["free", "cheapest", "ask", "stop"]),
    v.metadata({
      enumDescriptions: [
        "Use a model that costs nothing. If there is none, the prompt is not sent.",
        "Use the cheapest model, even though it exceeds the budget.",
        "Ask before another model answers in place of the first one. Over the server, the same as `stop`.",
        "Do not send the prompt, and offer only to raise the budget.",
      ],
    }),
  ),
  default: "free",
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription:
    "What to do with a prompt that the budget does not cover. With any value except `cheapest`, the budget is never exceeded.",
  example: "ask",
});

export const warnAt = setting({
  schema: v.array(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  default: [0.8],
  scope: "application",
  recoveryDepth: 1,
  markdownDescription:
    "Show a warning when spending reaches these shares of the budget, each greater than 0 and at most 1. An empty list: no warnings.",
  example: [0.5, 0.9],
});

export const maxOutputTokens = setting({
  schema: count(1, 10_000_000),
  default: 16384,
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription:
    "The maximum length of an answer in tokens. A request's own limit, the model's and the rest of the budget can lower it.",
});

const TIMEOUTS = {
  connectMs: 5000,
  firstTokenMs: 12_000,
  firstTokenReasoningMs: 90_000,
  idleMs: 20_000,
  totalMs: 300_000,
};

export const timeouts = setting({
  schema: object({
    connectMs: withDefault(milliseconds, TIMEOUTS.connectMs, "Time to connect to the provider."),
    firstTokenMs: withDefault(milliseconds, TIMEOUTS.firstTokenMs, "Time until the first token."),
    firstTokenReasoningMs: withDefault(
      milliseconds,
      TIMEOUTS.firstTokenReasoningMs,
      "Time until the first text of a model that reasons before it answers, or whose server only sends comments meanwhile.",
    ),
    idleMs: withDefault(milliseconds, TIMEOUTS.idleMs, "Time between two events of an answer."),
    totalMs: withDefault(
      milliseconds,
      TIMEOUTS.totalMs,
      "Time until an answer starts, over all models and retries.",
    ),
  }),
  default: TIMEOUTS,
  scope: "application",
  recoveryDepth: 1,
  markdownDescription:
    "Timeouts of a request to a model, in milliseconds. When one of them passes, the next model in the chain answers.",
  example: { firstTokenMs: 20_000, idleMs: 30_000 },
});

const BREAKER = { failures: 3, openMs: 10_000, maxOpenMs: 30_000 };

export const breaker = setting({
  schema: v.pipe(
    object({
      failures: withDefault(
        count(1, 1000),
        BREAKER.failures,
        "Pause a model after this many failures in a row.",
      ),
      openMs: withDefault(milliseconds, BREAKER.openMs, "Length of the first pause, in milliseconds."),
      maxOpenMs: withDefault(
        milliseconds,
        BREAKER.maxOpenMs,
        "Length of the longest pause, in milliseconds. Each pause is twice as long as the last.",
      ),
    }),
    v.check(({ openMs, maxOpenMs }) => maxOpenMs >= openMs, "a maxOpenMs that is not less than openMs"),
  ),
  default: BREAKER,
  scope: "application",
  recoveryDepth: 1,
  markdownDescription:
    "The circuit breaker: when to pause a model that fails, and for how long. A paused model is skipped. After a pause one request tests the model: success ends the pauses, failure starts a longer one.",
});
