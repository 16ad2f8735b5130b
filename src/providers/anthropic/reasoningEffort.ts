import type { OutputConfig, ThinkingConfigParam } from "@anthropic-ai/sdk/resources/messages";
import type { Ask, ReasoningEffort } from "../../contract/provider/ask.ts";

/** Models that have a budget of tokens for thinking instead of an effort. */
const WITH_BUDGET = /claude-(?:3-7|(?:sonnet|haiku)-4-5|(?:opus|sonnet)-4-(?:0|1|20))/;

const MIN_BUDGET_TOKENS = 1024;

/** The part of the output limit that thinking may use: https://openrouter.ai/docs/use-cases/reasoning-tokens (2026-11). */
const BUDGET_SHARE: Readonly<Record<Exclude<ReasoningEffort, "none">, number>> = {
  minimal: 0.1,
  low: 0.2,
  medium: 0.5,
  high: 0.8,
  xhigh: 0.95,
  max: 0.95,
};

/**
 * The fields for an effort. A budget is left out where the API rejects one: if the output limit leaves no room for it,
 * within a tool loop, whose earlier thinking clients of other formats cannot send back, and if the model continues a
 * partial answer.
 */
export function effortFields({ model, messages, appended, maxOutputTokens, reasoningEffort }: Ask): {
  readonly output_config?: OutputConfig;
  readonly thinking?: ThinkingConfigParam;
} {
  if (reasoningEffort === undefined) return {};
  if (reasoningEffort === "none") return { thinking: { type: "disabled" } };
  if (!WITH_BUDGET.test(model)) {
    return { output_config: { effort: reasoningEffort === "minimal" ? "low" : reasoningEffort } };
  }
  const continues = messages.at(-1)?.role === "tool" || appended?.at(-1)?.role === "assistant";
  if (maxOutputTokens <= MIN_BUDGET_TOKENS || continues) return {};
  const budgetTokens = Math.floor(maxOutputTokens * BUDGET_SHARE[reasoningEffort]);
  return { thinking: { type: "enabled", budget_tokens: Math.max(MIN_BUDGET_TOKENS, budgetTokens) } };
}
