import * as v from "valibot";
import type { AnswerSummary } from "../../contract/answer.ts";
import { contextItem } from "../../contract/context.ts";
import type { Conversation } from "../../contract/conversation.ts";
import { EFFORT_LEVELS } from "../../contract/provider/ask.ts";
import { blockReason, decision, skipped } from "./decisionSchema.ts";
import {
  cost,
  count,
  duration,
  failure,
  figure,
  id,
  moment,
  ref,
  type SchemaOf,
  shortText,
} from "./schemaValues.ts";

/**
 * A conversation with all its turns, in the order in which they were sent: also those that are not shown. `tree` has
 * their places; undefined if each follows the one before it.
 */
export type WholeConversation = Omit<Conversation, "isPinned">;

const costOf = v.variant("kind", [
  v.object({ kind: v.picklist(["exact", "estimated"]), nanoUsd: cost }),
  v.object({ kind: v.literal("unknown") }),
]);

const usage = v.object({
  inputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  cacheWrite1hTokens: v.optional(count),
  outputTokens: count,
  reasoningTokens: count,
  audioTokens: v.optional(count),
  billedUsd: v.optional(figure),
  isUncertain: v.optional(v.literal(true)),
});

const resumeMethod = v.picklist(["prefill", "anchor"]);

const attempt = v.object({
  ref,
  answeredBy: v.optional(ref),
  startedMs: figure,
  tookMs: duration,
  firstTokenMs: v.optional(figure),
  cost: costOf,
  usage: v.optional(usage),
  rateLimits: v.optional(
    v.array(
      v.object({
        of: v.picklist(["requests", "tokens", "inputTokens", "outputTokens"]),
        limit: v.optional(figure),
        remaining: figure,
        resetAtMs: v.optional(moment),
      }),
    ),
  ),
  resumeMethod: v.optional(resumeMethod),
  outcome: v.variant("kind", [
    v.object({ kind: v.literal("answered"), skippedEvents: v.optional(count) }),
    v.object({ kind: v.literal("not-resumed") }),
    v.object({ kind: v.literal("failed"), failure }),
  ]),
});

const summary = v.object({
  decisionId: id,
  ending: v.variant("kind", [
    v.object({
      kind: v.literal("complete"),
      limitedBy: v.optional(v.picklist(["request", "model", "budget"])),
      isUnexplained: v.optional(v.literal(true)),
    }),
    v.object({ kind: v.literal("stopped"), interrupted: v.optional(v.literal(true)) }),
    v.object({ kind: v.literal("failed"), failure }),
    v.object({ kind: v.literal("not-sent"), reason: blockReason }),
  ]),
  modelUsed: v.optional(ref),
  fallbackCount: count,
  attempts: v.array(attempt),
  notCalled: v.optional(v.array(skipped)),
  handoffs: v.optional(
    v.array(v.object({ from: ref, to: ref, method: v.picklist([...resumeMethod.options, "restart"]) })),
  ),
  cost: costOf,
  wouldCostNanoUsd: v.optional(cost),
  usage: v.optional(usage),
  tookMs: duration,
});

const answerSummary: SchemaOf<AnswerSummary, typeof summary> = summary;

const prompt = v.object({
  text: v.string(),
  command: v.optional(shortText),
  instructions: v.optional(v.string()),
  context: v.array(contextItem),
  explicitModel: v.optional(ref),
});

const answer = v.pipe(
  v.object({
    text: v.string(),
    // Only *Why this model?* needs it, and it changes from version to version: one that cannot be read is left out.
    decision: v.fallback(v.optional(decision), undefined),
    decidedInMs: v.optional(duration),
    fallbacks: v.array(v.object({ from: ref, to: ref, failure })),
    handoffs: v.optional(v.array(v.object({ at: count, from: ref, to: ref }))),
    summary: v.optional(answerSummary),
    thumb: v.optional(v.picklist(["up", "down"])),
  }),
  v.check(
    ({ text, handoffs = [] }) => handoffs.every(({ at }) => at <= text.length),
    "a place in the text of the answer",
  ),
);

const turn = v.object({
  id,
  atMs: moment,
  prompt,
  answer,
  leftOut: v.optional(count),
});

const choice = v.object({ model: v.optional(ref), effort: v.optional(v.picklist(EFFORT_LEVELS)) });

/** The next turn that is shown gets a number above the highest one. */
const chosen = v.pipe(count, v.maxValue(1_000_000_000));

const place = v.object({ id, parent: v.nullable(id), variantOf: v.nullable(id), chosen });

const conversation = v.object({
  id,
  title: shortText,
  createdAtMs: moment,
  updatedAtMs: moment,
  isPrivate: v.boolean(),
  turns: v.pipe(v.array(turn), v.minLength(1), v.maxLength(10_000)),
  tree: v.optional(v.array(place)),
  leftOut: v.optional(count),
  choice: v.optional(choice),
});

export const conversationSchema: SchemaOf<WholeConversation, typeof conversation> = conversation;
