import type { AnswerEvent, AnswerSink, AnswerSummary } from "../../contract/answer.ts";
import type { Usage } from "../../contract/money.ts";
import type { WireFieldsEvent } from "../../contract/provider/provider.ts";
import type { WireError } from "../httpError.ts";

/** Writes one answer to its client, as a stream or in one piece. Dispose of it when the answer has ended. */
export type ResponseWriter = AnswerSink &
  Disposable & {
    /** Ends a complete answer. */
    end(summary: AnswerSummary): void;
    /** Ends a failed answer. Returns false if nothing was sent yet, so that an error response can be sent. */
    fail(error: WireError): boolean;
  };

/** The fields of an answer that has none of its provider's own. */
export const NO_FIELDS: WireFieldsEvent = { type: "wireFields", answer: {}, choice: {}, message: {} };

/** A tool call in OpenAI's wire format. */
export function wireToolCall({
  id,
  name,
  argumentsJson,
  extra,
}: Extract<AnswerEvent, { type: "toolCall" }>): object {
  return { ...extra, id, type: "function", function: { name, arguments: argumentsJson } };
}

/** Token usage in OpenAI's wire format. */
export function wireUsage(usage: Usage): object {
  const { inputTokens, outputTokens, cacheReadTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}

/** Why a complete answer ended, in OpenAI's wire format. */
export function wireFinishReason({ ending }: AnswerSummary, toolCalls: number): string {
  if (ending.kind === "complete" && ending.limitedBy !== undefined) return "length";
  return toolCalls > 0 ? "tool_calls" : "stop";
}
