import * as v from "valibot";
import { type Decision, ESCALATION_REASONS } from "../../contract/decision.ts";
import { REASONING_EFFORTS } from "../../contract/provider/ask.ts";
import type { BlockReason, Skipped } from "../../contract/skipped.ts";
import {
  amount,
  capability,
  count,
  duration,
  failure,
  figure,
  id,
  moment,
  qualityBasis,
  ref,
  type SchemaOf,
  shortText,
  tier,
} from "./schemaValues.ts";

const level = v.picklist(["low", "medium", "high"]);
const limit = v.variant("kind", [
  v.object({ kind: v.picklist(["day", "month"]) }),
  v.object({ kind: v.literal("conversation"), id }),
  v.object({ kind: v.literal("model"), ref }),
  v.object({ kind: v.literal("provider"), id: shortText }),
]);
const effort = v.object({
  value: v.picklist(REASONING_EFFORTS),
  by: v.picklist(["request", "conversation", "route"]),
});
const unboundedCost = v.object({ kind: v.picklist(["field", "part"]), name: shortText });

const complexity = v.object({
  level,
  score: figure,
  reason: v.variant("kind", [
    v.object({ kind: v.literal("keyword"), keyword: shortText }),
    v.object({ kind: v.literal("length"), characters: count }),
    v.object({ kind: v.literal("other-language") }),
  ]),
});
const similarity = v.object({
  index: count,
  name: shortText,
  score: figure,
  threshold: figure,
  nearest: v.object({ example: v.string(), cosine: figure }),
});
const features = v.object({
  complexity,
  held: v.optional(
    v.object({
      complexity,
      prompt: count,
      topic: v.optional(
        v.object({
          similarity: figure,
          threshold: figure,
          hardest: v.optional(v.object({ complexity, prompt: count })),
        }),
      ),
    }),
  ),
  contextTokens: figure,
  keywords: v.array(shortText),
  similarities: v.optional(
    v.object({
      embedder: shortText,
      routes: v.array(similarity),
      skipped: v.optional(v.object({ embedder: shortText, failure })),
    }),
  ),
  followUp: v.boolean(),
  toolLoop: v.optional(v.boolean()),
  cached: v.boolean(),
});

const step = v.object({
  ref,
  expectedNanoUsd: v.optional(figure),
  quality: v.optional(figure),
  qualityBasis: v.optional(qualityBasis),
  qualityError: v.optional(figure),
  simulated: v.optional(v.boolean()),
  expectedOutputTokens: v.optional(figure),
  speed: v.optional(v.object({ ms: duration, basis: v.picklist(["measured", "stale", "unknown"]) })),
  timeoutMs: v.optional(duration),
});

const attributes = v.object({
  requestId: id,
  source: v.optional(v.literal("endpoint")),
  isEdit: v.optional(v.boolean()),
  explicitModel: v.optional(ref),
  explicitRoute: v.optional(shortText),
  command: v.optional(shortText),
  language: v.optional(shortText),
  paths: v.array(shortText),
  needs: v.array(capability),
  userTier: tier,
  user: shortText,
  conversation: v.optional(shortText),
  isPrivate: v.boolean(),
  attachedNew: v.boolean(),
  characters: v.optional(count),
  expectedOutputTokens: v.optional(figure),
  maxOutputTokens: v.optional(figure),
  inputBoundTokens: figure,
  images: count,
  imageAddresses: v.optional(count),
  unboundedCost: v.optional(unboundedCost),
  escalation: v.optional(
    v.object({
      decisionId: id,
      from: ref,
      earlier: v.optional(v.array(ref)),
      to: step,
      reason: v.picklist(ESCALATION_REASONS),
      newErrors: v.optional(count),
      by: v.picklist(["quality", "price"]),
    }),
  ),
  effort: v.optional(effort),
  budgetChoice: v.optional(v.picklist(["cheapest", "free"])),
});

const skippedModel = v.variant("reason", [
  v.object({ ref, reason: v.literal("no-key"), provider: shortText }),
  v.object({ ref, reason: v.literal("invalid-provider"), problem: v.string() }),
  v.object({ ref, reason: v.literal("switched-off") }),
  v.object({
    ref,
    reason: v.literal("breaker-open"),
    failures: count,
    nextTryAtMs: moment,
    by: v.picklist(["model", "provider"]),
  }),
  v.object({ ref, reason: v.literal("context-window"), tokens: figure, maxInputTokens: figure }),
  v.object({
    ref,
    reason: v.literal("capability"),
    missing: v.picklist([...capability.options, "chat completions"]),
  }),
  v.object({ ref, reason: v.picklist(["rate-limit", "quota"]), untilMs: moment }),
  v.object({ ref, reason: v.picklist(["auth", "forbidden", "not-found"]) }),
  v.object({ ref, reason: v.literal("tier"), tiers: v.array(tier) }),
  v.object({ ref, reason: v.literal("private") }),
  v.object({
    ref,
    reason: v.literal("over-budget"),
    worstCaseNanoUsd: amount,
    leftNanoUsd: amount,
    reservedNanoUsd: v.optional(amount),
    limit: v.optional(limit),
  }),
  v.object({ ref, reason: v.literal("window-not-larger"), maxInputTokens: figure }),
  v.object({ ref, reason: v.picklist(["unreachable", "offline"]) }),
  v.object({ ref, reason: v.literal("no-time"), limitMs: duration }),
  v.object({
    ref,
    reason: v.literal("below-min-quality"),
    quality: v.optional(figure),
    qualityBasis: v.optional(qualityBasis),
    qualityError: v.optional(figure),
    minQuality: figure,
  }),
  v.object({ ref, reason: v.literal("unknown-price"), unboundedCost: v.optional(unboundedCost) }),
]);

export const skipped: SchemaOf<Skipped, typeof skippedModel> = skippedModel;

const reason = v.variant("kind", [
  v.object({
    kind: v.literal("over-budget"),
    expectedNanoUsd: figure,
    needed: v.optional(
      v.object({ nanoUsd: amount, outputTokens: figure, overrunFactor: v.optional(figure) }),
    ),
    leftNanoUsd: amount,
    reservedNanoUsd: v.optional(amount),
    budgetNanoUsd: amount,
    limit,
    choices: v.array(
      v.variant("kind", [
        v.object({ kind: v.literal("cheapest"), ref, expectedNanoUsd: figure }),
        v.object({ kind: v.literal("free"), ref, local: v.boolean() }),
        v.object({ kind: v.literal("raise"), ref }),
      ]),
    ),
  }),
  v.object({ kind: v.literal("no-model-available") }),
  v.object({ kind: v.literal("invalid-route"), problem: v.string() }),
]);

export const blockReason: SchemaOf<BlockReason, typeof reason> = reason;

const checkedEdits = { wrong: count, rejectedWrong: count };
const cascadeBasis = v.variant("kind", [
  v.object({ kind: v.picklist(["no-check", "no-escalation"]) }),
  v.object({ ...checkedEdits, kind: v.literal("unknown"), least: count }),
  v.object({ ...checkedEdits, kind: v.literal("command"), least: count, needed: v.optional(figure) }),
  v.object({
    ...checkedEdits,
    kind: v.literal("measured"),
    low: figure,
    high: figure,
    needed: v.optional(figure),
  }),
]);

const wholeDecision = v.object({
  id,
  atMs: moment,
  route: v.variant("kind", [
    v.object({ kind: v.literal("explicit") }),
    v.object({
      kind: v.literal("settings"),
      name: shortText,
      index: count,
      similarity: v.optional(similarity),
    }),
    v.object({ kind: v.literal("derived"), level, dial: v.optional(v.picklist(["cheap", "best"])) }),
  ]),
  pick: v.picklist(["first", "cheapest", "fastest", "balanced", "cascade", "best-quality", "explicit"]),
  features,
  attributes,
  expectedInputTokens: figure,
  expectedOutputTokens: figure,
  expectedOutputRange: v.optional(v.object({ low: figure, high: figure })),
  expectedCostRange: v.optional(v.object({ lowNanoUsd: figure, highNanoUsd: figure })),
  outcome: v.variant("kind", [
    v.object({
      kind: v.literal("chosen"),
      chain: v.tupleWithRest([step], step),
      byBudget: v.optional(v.picklist(["free", "cheapest"])),
      insteadOf: v.optional(ref),
    }),
    v.object({ kind: v.literal("blocked"), reason: blockReason }),
  ]),
  skipped: v.array(skipped),
  followUp: v.optional(v.boolean()),
  effort: v.optional(effort),
  experiment: v.optional(
    v.object({ name: shortText, arm: v.picklist(["control", "treatment"]), unit: shortText }),
  ),
  affinity: v.optional(
    v.variant("kind", [
      v.object({
        kind: v.literal("cold"),
        last: ref,
        reason: v.picklist(["expired", "no-cache", "too-short"]),
      }),
      v.object({
        kind: v.picklist(["stayed", "switched"]),
        last: ref,
        other: ref,
        cachedTokens: figure,
        stayNanoUsd: v.optional(figure),
        switchNanoUsd: v.optional(figure),
        stayMs: v.optional(figure),
        switchMs: v.optional(figure),
        switchPenaltyMs: v.optional(figure),
      }),
    ]),
  ),
  cascade: v.optional(v.object({ first: v.picklist(["cheapest", "strongest"]), because: cascadeBasis })),
  exploration: v.optional(v.object({ instead: ref, basis: v.picklist(["stale", "unknown"]), share: figure })),
  held: v.optional(v.object({ level, score: figure, prompt: count, isNewTopic: v.optional(v.boolean()) })),
});

export const decision: SchemaOf<Decision, typeof wholeDecision> = wholeDecision;
