import type { CallLimits } from "../contract/ask.ts";
import type { ChainStep } from "../contract/decision.ts";
import type { ModelCard } from "../contract/model.ts";
import type { Settings } from "../settings/schema.ts";

/** Models that reason before every answer though their card does not say so: OpenAI's o-series, "reasoner", "thinking". */
const ALWAYS_REASONS = /(^|\/)o\d|reasoner|thinking/;

/**
 * How long each phase of one call may take. A step's own limit replaces the one for the first token; a model that always
 * reasons first gets the longer one; none exceeds what is left of the total.
 */
export function limitsFor(step: ChainStep, card: ModelCard, settings: Settings, leftMs: number): CallLimits {
  const { connectMs, idleMs } = settings.timeouts;
  const firstTokenMs = Math.max(1, Math.min(firstTokenLimitMs(step, card, settings), leftMs));
  return { connectMs: Math.min(connectMs, firstTokenMs), firstTokenMs, idleMs };
}

/** How long the first token of one call may take, where there is enough time. */
export function firstTokenLimitMs(step: ChainStep, card: ModelCard, { timeouts }: Settings): number {
  return step.timeoutMs ?? (alwaysReasons(card) ? timeouts.firstTokenReasoningMs : timeouts.firstTokenMs);
}

/** A reasoning model that rejects sampling parameters is one whose reasoning cannot be turned off. */
export function alwaysReasons(card: ModelCard): boolean {
  if (!card.capabilities.includes("reasoning")) return false;
  return !card.samplingParams || ALWAYS_REASONS.test(card.wireName);
}
