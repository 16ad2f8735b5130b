import { isRecord } from "../../../base/isRecord.ts";
import { type Json, recordAt, stringAt } from "../../json.ts";
import { type ContentEvent, NO_CONTENT } from "../../stream/answerReader.ts";
import type { ToolCallPart } from "../../stream/toolCalls.ts";

/** The reasoning and text of a delta or a message, tags included. */
export function contentOf(delta: Json): readonly ContentEvent[] {
  // DeepSeek, vLLM and others use `reasoning_content`; OpenRouter, Groq and Ollama `reasoning`.
  const reasoning = stringAt(delta, "reasoning_content") || stringAt(delta, "reasoning");
  const content = delta["content"];
  const events: ContentEvent[] = [];
  if (reasoning !== "") events.push({ type: "reasoning", text: reasoning });
  if (typeof content === "string") {
    if (content !== "") events.push({ type: "text", text: content });
  } else if (Array.isArray(content)) {
    for (const part of content) for (const event of partEvents(part)) events.push(event);
  }
  return events;
}

/** The events of a part of the content, as Mistral's reasoning models send it. */
function partEvents(part: unknown): readonly ContentEvent[] {
  if (!isRecord(part)) return NO_CONTENT;
  const text = stringAt(part, "text");
  if (text !== "") return [{ type: "text", text }];
  const thinking = part["thinking"];
  if (!Array.isArray(thinking)) return NO_CONTENT;
  const thought = thinking.map((inner) => (isRecord(inner) ? stringAt(inner, "text") : "")).join("");
  return thought === "" ? NO_CONTENT : [{ type: "reasoning", text: thought }];
}

/** The tool calls, or pieces of them, in a delta or a message. */
export function toolCallsOf(delta: Json): readonly ToolCallPart[] {
  const { tool_calls: several, function_call: single } = delta;
  const calls: readonly unknown[] = Array.isArray(several) ? several : [];
  // `function_call` is the form of a call before there were several.
  const all = isRecord(single) ? [...calls, { function: single }] : calls;
  return all.filter(isRecord).map(toolCallOf);
}

function toolCallOf(call: Json): ToolCallPart {
  const { index, id: _id, type: _type, function: _function, ...extra } = call;
  const called = recordAt(call, "function") ?? {};
  const given = called["arguments"];
  return {
    id: stringAt(call, "id"),
    name: stringAt(called, "name"),
    arguments: isRecord(given) ? JSON.stringify(given) : stringAt(called, "arguments"),
    index: typeof index === "number" ? index : undefined,
    extra: Object.keys(extra).length === 0 ? undefined : extra,
  };
}
