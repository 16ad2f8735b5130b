import type { AnswerEvent } from "../contract/answer.ts";

/** A whole tool call as OpenAI's wire has it. */
export function wireToolCall({
  id,
  name,
  argumentsJson,
}: Extract<AnswerEvent, { type: "toolCall" }>): object {
  return { id, type: "function", function: { name, arguments: argumentsJson } };
}
