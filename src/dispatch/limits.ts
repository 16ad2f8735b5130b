import { isRecord } from "../base/isRecord.ts";
import type { ChainStep, Decision } from "../contract/decision.ts";
import type { ModelCard } from "../contract/model.ts";
import type { CallLimits } from "../contract/provider/ask.ts";
import type { Settings } from "../settings/schema.ts";
import type { RequestContent } from "./requestContext.ts";

/** Models that reason before every answer, which their card does not show: OpenAI's o-series, "reasoner", "thinking". */
const ALWAYS_REASONS = /(^|\/)o\d|reasoner|thinking/;

/** What the limits of a call depend on, besides its model. */
export type LimitedRequest = {
  readonly settings: Settings;
  readonly content: Pick<RequestContent, "wire">;
  readonly decision: Pick<Decision, "outcome" | "effort">;
};

/**
 * How long each phase of one call may take. The limit for the first token is the step's own if it has one, else the longer
 * one for a model that may be reasoning, else the common one; it never exceeds what is left of the total. Signs that the
 * server is alive extend a limit that is not the step's own to the longer one.
 */
export function limitsFor(
  step: ChainStep,
  card: ModelCard,
  request: LimitedRequest,
  leftMs: number,
): CallLimits {
  const { connectMs, idleMs, firstTokenReasoningMs } = request.settings.timeouts;
  const atMost = (ms: number): number => Math.max(1, Math.min(ms, leftMs));
  const firstTokenMs = atMost(firstTokenLimitMs(step, card, request));
  const thinkingMs = Math.max(firstTokenMs, atMost(step.timeoutMs ?? firstTokenReasoningMs));
  return { connectMs: Math.min(connectMs, firstTokenMs), firstTokenMs, thinkingMs, idleMs };
}

/**
 * How long the first token of one call may take, if the total limit allows it. A model that can reason, and is the last
 * of the chain, gets the longer limit: no other model would answer sooner.
 */
export function firstTokenLimitMs(
  step: ChainStep,
  card: ModelCard,
  { settings: { timeouts }, content, decision: { outcome, effort } }: LimitedRequest,
): number {
  if (step.timeoutMs !== undefined) return step.timeoutMs;
  const isLast = outcome.kind === "chosen" && outcome.chain.at(-1)?.ref === step.ref;
  const isAsked = effort !== undefined && !OFF.includes(effort.value);
  const mayReason =
    alwaysReasons(card) ||
    ((isLast || isAsked) && card.capabilities.includes("reasoning")) ||
    asksForReasoning(content.wire?.body ?? {});
  return mayReason ? Math.max(timeouts.firstTokenReasoningMs, timeouts.firstTokenMs) : timeouts.firstTokenMs;
}

/** Values that turn reasoning off, or nearly so. */
const OFF: readonly unknown[] = ["none", "minimal", "disabled", "off", false, 0, null, undefined];

/**
 * Whether a client's own fields ask for reasoning: OpenAI's `reasoning_effort`, OpenRouter's `reasoning`, Anthropic's
 * `thinking`, Alibaba's `enable_thinking`, and vLLM's `chat_template_kwargs`.
 */
function asksForReasoning(body: Readonly<Record<string, unknown>>): boolean {
  const { reasoning_effort, reasoning, thinking, enable_thinking, chat_template_kwargs } = body;
  const inTemplate = isRecord(chat_template_kwargs)
    ? [chat_template_kwargs["enable_thinking"], chat_template_kwargs["thinking"]]
    : [];
  const values = [reasoning_effort, enable_thinking, ...inTemplate, ...[reasoning, thinking].map(switchOf)];
  return values.some((value) => !OFF.includes(value));
}

/** The member of an object that turns reasoning on or off; an empty object turns it on. */
function switchOf(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return [value["type"], value["effort"], value["enabled"]].find((part) => part !== undefined) ?? true;
}

/** Whether a model reasons before every answer. If it rejects sampling parameters, its reasoning cannot be turned off. */
export function alwaysReasons(card: ModelCard): boolean {
  if (!card.capabilities.includes("reasoning")) return false;
  return !card.samplingParams || ALWAYS_REASONS.test(card.wireName);
}
