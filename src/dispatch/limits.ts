import type { CallLimits } from "../contract/ask.ts";
import type { ChainStep } from "../contract/decision.ts";
import type { ModelCard } from "../contract/model.ts";
import type { Settings } from "../settings/schema.ts";

/** Models that reason before every answer, which their card does not show: OpenAI's o-series, "reasoner", "thinking". */
const ALWAYS_REASONS = /(^|\/)o\d|reasoner|thinking/;

/**
 * How long each phase of one call may take. The limit for the first token is the step's own if it has one, else the longer
 * one for models that always reason first, else the common one; it never exceeds what is left of the total.
 */
export function limitsFor(step: ChainStep, card: ModelCard, settings: Settings, leftMs: number): CallLimits {
  const { connectMs, idleMs } = settings.timeouts;
  const firstTokenMs = Math.max(1, Math.min(firstTokenLimitMs(step, card, settings), leftMs));
  return { connectMs: Math.min(connectMs, firstTokenMs), firstTokenMs, idleMs };
}

/** How long the first token of one call may take, if the total limit allows it. */
export function firstTokenLimitMs(step: ChainStep, card: ModelCard, { timeouts }: Settings): number {
  return step.timeoutMs ?? (alwaysReasons(card) ? timeouts.firstTokenReasoningMs : timeouts.firstTokenMs);
}

/** Whether a model reasons before every answer. If it rejects sampling parameters, its reasoning cannot be turned off. */
export function alwaysReasons(card: ModelCard): boolean {
  if (!card.capabilities.includes("reasoning")) return false;
  return !card.samplingParams || ALWAYS_REASONS.test(card.wireName);
}
