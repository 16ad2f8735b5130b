import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  Tool as WireTool,
  ToolChoice as WireToolChoice,
} from "@anthropic-ai/sdk/resources/messages";
import { isRecord } from "../../base/isRecord.ts";
import type { FailureRecord } from "../../contract/failure.ts";
import { type Message, type Part, textOf } from "../../contract/message.ts";
import type { Ask, Tool, ToolChoice } from "../../contract/provider/ask.ts";
import { clientBody } from "../http/clientBody.ts";
import { registeredImageType } from "../imageTypes.ts";
import { type Json, parseJson } from "../json.ts";
import {
  acceptedOutputTokens,
  EFFORT,
  hasNoEffect,
  NOTHING_REFUSED,
  namesPart,
  type Refused,
  refusesEffort,
  sendsEffort,
} from "../refusals.ts";
import { type IdRule, ToolCallIds } from "../toolCallIds.ts";
import { effortFields } from "./reasoningEffort.ts";

/** Prefix of a signature that holds the data of a redacted thinking block, which has no text. */
export const REDACTED = "redacted:";

/** The version that the SDK is written for. It has no sampling parameters (Anthropic's migration guide, 2026-10-21). */
const VERSION = "2026-10-21";
/** The version before it: for requests with sampling parameters, and for bodies that a client wrote. */
const VERSION_WITH_SAMPLING = "2023-06-01";

const EPHEMERAL = { type: "ephemeral" } as const;
const CACHE_MARK = "cache_control";

/** Fields of a client's own body that are never relayed: the fields of the `Ask` are sent instead, if it has them. */
const REPLACED: readonly string[] = ["max_tokens", "temperature", "top_p", "top_k", "stream"];

/** "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'" */
const ID_RULE: IdRule = { accepted: /^[\w-]+$/, characters: 24 };

/** The `anthropic-version` of a request. */
export function anthropicVersion(ask: Ask): string {
  const isSampling = ask.temperature !== undefined || ask.topP !== undefined;
  return isSampling || ask.wire?.format === "anthropic" ? VERSION_WITH_SAMPLING : VERSION;
}

/**
 * The body of a request for a message. A client's own body in this format is relayed with our fields in it. In all
 * others the parts that stay the same are marked for the prompt cache: the system prompt, and what precedes the latest
 * question.
 * @param providerId reasoning is sent back only to the provider that it is from
 * @param refused what the server has refused of earlier requests
 */
export function anthropicBody(
  ask: Ask,
  providerId: string,
  { parts, maxOutputTokens = ask.maxOutputTokens }: Refused = NOTHING_REFUSED,
): Readonly<Record<string, unknown>> {
  const accepted = (name: string, value: number | undefined): number | undefined =>
    parts.has(name) && hasNoEffect(name, value) ? undefined : value;
  const temperature = accepted("temperature", ask.temperature);
  const topP = accepted("top_p", ask.topP);
  const ours = {
    model: ask.model,
    max_tokens: Math.min(ask.maxOutputTokens, maxOutputTokens),
    stream: true,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
  } as const;
  const ids = new ToolCallIds(ID_RULE);
  const messageOf = (message: Message, isMarked = false) => messagesOf(message, providerId, ids, isMarked);
  const appended = (ask.appended ?? []).flatMap((message) => messageOf(message));
  if (ask.wire?.format === "anthropic") {
    const { body } = ask.wire;
    const own: readonly unknown[] = Array.isArray(body["messages"]) ? body["messages"] : [];
    return clientBody(body, { ...ours, messages: [...own, ...appended] }, REPLACED);
  }
  const { tools = [] } = ask;
  const system = ask.messages.flatMap((message) =>
    message.role === "system" ? textBlocks(textOf(message)) : [],
  );
  const messages = ask.messages.filter(({ role }) => role !== "system");
  const isMarked = !parts.has(CACHE_MARK);
  const question = isMarked ? messages.findLastIndex(isQuestion) : -1;
  return {
    ...ours,
    messages: [...messages.flatMap((message, at) => messageOf(message, at === question - 1)), ...appended],
    ...(system.length === 0 ? {} : { system: isMarked ? withMark(system) : system }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOf) }),
    ...toolChoiceFields(ask),
    ...(sendsEffort(ask, { parts }) ? effortFields(ask) : {}),
    ...(ask.stop === undefined || ask.stop.length === 0 ? {} : { stop_sequences: [...ask.stop] }),
  } satisfies MessageCreateParamsStreaming & { temperature?: number; top_p?: number };
}

/**
 * What an error refuses of a request, as far as it can be left out without changing what was asked.
 * @param body the request's body as it was sent
 */
export function refusedParts(failure: FailureRecord, body: Json, ask: Ask): Refused {
  const maxOutputTokens = acceptedOutputTokens(failure, Number(body["max_tokens"]));
  const isSent = (name: string): boolean => name === CACHE_MARK || hasNoEffect(name, body[name]);
  const parts = ["temperature", "top_p", CACHE_MARK].filter(
    (name) => isSent(name) && namesPart(failure, name),
  );
  const hasEffort = Object.hasOwn(body, "output_config") || Object.hasOwn(body, "thinking");
  if (ask.isEffortOptional === true && hasEffort && refusesEffort(failure)) parts.push(EFFORT);
  return { parts: new Set(parts), maxOutputTokens };
}

/** Whether the user wrote the message: tool results have the same role. */
function isQuestion({ role, parts }: Message): boolean {
  return role === "user" && parts.some(({ type }) => type === "text" || type === "image");
}

/** A message as a list of at most one, because the API rejects messages without content. */
function messagesOf(
  { role, parts }: Message,
  providerId: string,
  ids: ToolCallIds,
  isMarked: boolean,
): MessageParam[] {
  const blocks = parts.flatMap((part) => blockOf(part, providerId, ids));
  if (blocks.length === 0) return [];
  const content = isMarked ? withMark(blocks) : blocks;
  return [role === "assistant" ? { role: "assistant", content } : { role: "user", content }];
}

function blockOf(part: Part, providerId: string, ids: ToolCallIds): ContentBlockParam[] {
  switch (part.type) {
    case "text":
      return textBlocks(part.text);
    case "image": {
      const mediaType = registeredImageType(part.mediaType);
      // `unsupportedImage` keeps others from being sent.
      return isImageType(mediaType)
        ? [{ type: "image", source: { type: "base64", media_type: mediaType, data: part.data } }]
        : [];
    }
    case "toolCall":
      return [
        { type: "tool_use", id: ids.ofCall(part.id), name: part.name, input: inputOf(part.argumentsJson) },
      ];
    case "toolResult": {
      const { id, text, isError } = part;
      const result = { type: "tool_result", tool_use_id: ids.ofResult(id) } as const;
      // The API rejects blank texts, and errors without a text.
      const content = isBlank(text) ? (isError === true ? "It failed without a message." : undefined) : text;
      return [
        {
          ...result,
          ...(content === undefined ? {} : { content }),
          ...(isError === undefined ? {} : { is_error: isError }),
        },
      ];
    }
    case "reasoning": {
      const { signature } = part;
      if (signature === undefined || part.provider !== providerId) return [];
      return signature.startsWith(REDACTED)
        ? [{ type: "redacted_thinking", data: signature.slice(REDACTED.length) }]
        : [{ type: "thinking", thinking: part.text, signature }];
    }
  }
}

/** "text content blocks must contain non-whitespace text" */
function textBlocks(text: string): TextBlockParam[] {
  return isBlank(text) ? [] : [{ type: "text", text }];
}

function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

/** Marks the last block for the cache. Thinking cannot be marked. */
function withMark<Block extends ContentBlockParam>(blocks: readonly Block[]): Block[] {
  const last = blocks.findLastIndex(({ type }) => type !== "thinking" && type !== "redacted_thinking");
  return blocks.map((block, at) => (at === last ? { ...block, cache_control: EPHEMERAL } : block));
}

/**
 * A tool call's arguments as an object. Without any, servers write an empty text. Arguments that are not JSON are kept as
 * text, so that the model can see them.
 */
function inputOf(argumentsJson: string): Record<string, unknown> {
  if (isBlank(argumentsJson)) return {};
  const value = parseJson(argumentsJson);
  if (value === undefined) return { unreadable: argumentsJson };
  return isRecord(value) ? { ...value } : { value };
}

const IMAGE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;

function isImageType(mediaType: string): mediaType is (typeof IMAGE_TYPES)[number] {
  return IMAGE_TYPES.some((type) => type === mediaType);
}

/** The media type of the first image that the API does not accept; undefined if there is none. */
export function unsupportedImage({ messages }: Ask): string | undefined {
  const images = messages.flatMap(({ parts }) => parts).filter((part) => part.type === "image");
  return images.find(({ mediaType }) => !isImageType(registeredImageType(mediaType)))?.mediaType;
}

function toolOf({ name, description, parametersSchema }: Tool): WireTool {
  return {
    name,
    input_schema: { ...parametersSchema, type: "object" },
    ...(description === undefined ? {} : { description }),
  };
}

function toolChoiceFields({ tools = [], toolChoice, parallelToolCalls = true }: Ask): {
  readonly tool_choice?: WireToolChoice;
} {
  if (tools.length === 0 || (toolChoice === undefined && parallelToolCalls)) return {};
  const choice = choiceOf(toolChoice ?? "auto");
  return {
    tool_choice:
      parallelToolCalls || choice.type === "none" ? choice : { ...choice, disable_parallel_tool_use: true },
  };
}

function choiceOf(choice: ToolChoice): WireToolChoice {
  if (typeof choice !== "string") return { type: "tool", name: choice.name };
  return { type: choice === "required" ? "any" : choice };
}
