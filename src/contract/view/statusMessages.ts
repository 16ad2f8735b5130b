/** The messages about budget, providers and settings. */
import * as v from "valibot";

/** The spend of the day, as the line below the input shows it. */
const budgetView = v.object({
  spentNanoUsd: v.number(),
  /** Undefined: no limit. */
  budgetNanoUsd: v.optional(v.number()),
  /** Some of today's answers have no known price. */
  unknown: v.boolean(),
});

/** What a conversation has cost, with answers that are not shown any more, and its limit. */
const conversationBudget = v.object({
  conversationId: v.string(),
  spentNanoUsd: v.number(),
  /** The tokens of the answers that are not shown any more. */
  replaced: v.object({ inputTokens: v.number(), cachedTokens: v.number(), outputTokens: v.number() }),
  /** Null: no limit. */
  budgetNanoUsd: v.nullable(v.number()),
});

/** Whether real providers can answer. `simulator`: no key is set, so the simulator on this machine answers for free. */
const readiness = v.object({ kind: v.picklist(["simulator", "ready"]) });

export const statusToView = v.variant("type", [
  v.object({ type: v.literal("budget"), budget: budgetView }),
  v.object({ type: v.literal("conversationBudget"), budget: conversationBudget }),
  v.object({ type: v.literal("readiness"), readiness }),
  /** Display names of the configured providers, by id. */
  v.object({ type: v.literal("providers"), names: v.record(v.string(), v.string()) }),
  /** The spend passed a threshold of `switchyard.budget.warnAt`; null hides the warning. */
  v.object({ type: v.literal("budgetWarning"), percent: v.nullable(v.number()) }),
]);

export const statusFromView = v.variant("type", [
  v.object({ type: v.literal("replaceKey"), provider: v.string() }),
  v.object({ type: v.literal("resetBreaker"), ref: v.string() }),
  v.object({ type: v.literal("dismissWarning") }),
  v.object({
    type: v.literal("command"),
    command: v.picklist([
      "addKey",
      "changeBudget",
      "openSettings",
      "editRoutes",
      "findLocalModels",
      "exportConversation",
    ]),
  }),
]);

export type BudgetView = Readonly<v.InferOutput<typeof budgetView>>;
export type ConversationBudget = Readonly<v.InferOutput<typeof conversationBudget>>;
export type Readiness = Readonly<v.InferOutput<typeof readiness>>;
export type StatusRequest = Readonly<v.InferOutput<typeof statusFromView>>;
