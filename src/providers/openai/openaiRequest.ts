import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
  ChatCompletionTool,
  ChatCompletionToolChoiceOption,
} from "openai/resources/chat/completions";
import type { Ask, Tool, ToolChoice } from "../../contract/ask.ts";
import { type Message, type Part, textOf } from "../../contract/message.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { clientBody, clientBodyText } from "../http/clientBody.ts";

/**
 * Servers that reject `stream_options` ("Extra inputs are not permitted", 422) and report the usage without it:
 * avante.nvim issue 2347, openai-agents-python issue 442.
 */
const WITHOUT_STREAM_OPTIONS: readonly string[] = ["api.mistral.ai"];

/**
 * Servers that continue a last message of the assistant only if it has `prefix: true`: docs.mistral.ai, "Prefix";
 * api-docs.deepseek.com, "Chat Prefix Completion" (2026-11).
 */
const WITH_PREFIX: readonly string[] = ["api.mistral.ai", "api.deepseek.com"];

/** Fields of a client's own body that are never relayed: the fields of the `Ask` are sent instead, if it has them. */
const REPLACED: readonly string[] = [
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "stream",
  "stream_options",
];

/** The body of a request for chat completions. A client's own body in this format is relayed with our fields in it. */
function openaiBody(ask: Ask, config: ProviderConfig): Readonly<Record<string, unknown>> {
  const appended = appendedMessages(ask, config);
  const ours = ownFields(ask, config);
  if (ask.wire?.format === "openai") return clientBody(ask.wire.body, ours, REPLACED, appended);
  const { tools = [] } = ask;
  return {
    ...ours,
    messages: [...ask.messages.flatMap(messagesOf), ...appended],
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOf) }),
    ...(tools.length === 0 || ask.toolChoice === undefined ? {} : { tool_choice: choiceOf(ask.toolChoice) }),
    ...(ask.stop === undefined || ask.stop.length === 0 ? {} : { stop: [...ask.stop] }),
  } satisfies ChatCompletionCreateParamsStreaming;
}

/** `openaiBody` as JSON. The parts of a client's own body are copied instead of being serialized again. */
export function openaiBodyText(ask: Ask, config: ProviderConfig): string {
  const { wire, appended = [] } = ask;
  return wire?.format === "openai" && wire.text !== undefined && appended.length === 0
    ? clientBodyText(wire.text, wire.body, ownFields(ask, config), REPLACED)
    : JSON.stringify(openaiBody(ask, config));
}

/** The fields that are never a client's. */
function ownFields(ask: Ask, config: ProviderConfig) {
  return {
    model: ask.model,
    stream: true,
    ...(takesStreamOptions(config) ? { stream_options: { include_usage: true } } : {}),
    ...(config.kind === "openai-compatible"
      ? { max_tokens: ask.maxOutputTokens }
      : { max_completion_tokens: ask.maxOutputTokens }),
    ...(ask.temperature === undefined ? {} : { temperature: ask.temperature }),
    ...(ask.topP === undefined ? {} : { top_p: ask.topP }),
  } as const;
}

/** The partial answer to resume, and what follows it. */
function appendedMessages(
  { appended = [] }: Ask,
  config: ProviderConfig,
): readonly (ChatCompletionMessageParam & { prefix?: true })[] {
  const messages = appended.flatMap(messagesOf);
  const last = messages.at(-1);
  return last?.role === "assistant" && WITH_PREFIX.includes(hostOf(config))
    ? [...messages.slice(0, -1), { ...last, prefix: true }]
    : messages;
}

function takesStreamOptions(config: ProviderConfig): boolean {
  return !WITHOUT_STREAM_OPTIONS.includes(hostOf(config));
}

function hostOf({ baseUrl = "" }: ProviderConfig): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
}

/** Each tool result is a separate message in this format; a message's results precede its other parts. */
function messagesOf(message: Message): ChatCompletionMessageParam[] {
  const results = message.parts.flatMap((part): ChatCompletionMessageParam[] =>
    part.type === "toolResult" ? [{ role: "tool", tool_call_id: part.id, content: part.text }] : [],
  );
  const rest = message.parts.filter((part) => part.type !== "toolResult");
  return rest.length === 0 && results.length > 0
    ? results
    : [...results, messageWithoutResults(message, rest)];
}

function messageWithoutResults(message: Message, parts: readonly Part[]): ChatCompletionMessageParam {
  switch (message.role) {
    case "system":
      return { role: "system", content: textOf(message) };
    case "assistant": {
      const calls = parts.flatMap((part) =>
        part.type === "toolCall"
          ? [
              {
                id: part.id,
                type: "function" as const,
                function: { name: part.name, arguments: part.argumentsJson },
              },
            ]
          : [],
      );
      const text = textOf(message);
      // Reasoning is not sent back: chat completions have no field for it, and Mistral rejects requests that contain
      // it.
      return calls.length === 0
        ? { role: "assistant", content: text }
        : { role: "assistant", content: text === "" ? null : text, tool_calls: calls };
    }
    case "user":
    case "tool":
      return parts.some((part) => part.type === "image")
        ? { role: "user", content: parts.flatMap(contentOf) }
        : { role: "user", content: textOf(message) };
  }
}

function contentOf(part: Part): ChatCompletionContentPart[] {
  if (part.type === "text") return part.text === "" ? [] : [{ type: "text", text: part.text }];
  if (part.type !== "image") return [];
  return [{ type: "image_url", image_url: { url: `data:${part.mediaType};base64,${part.data}` } }];
}

function toolOf({ name, description, parametersSchema }: Tool): ChatCompletionTool {
  return {
    type: "function",
    function: {
      name,
      parameters: { ...parametersSchema },
      ...(description === undefined ? {} : { description }),
    },
  };
}

function choiceOf(choice: ToolChoice): ChatCompletionToolChoiceOption {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } };
}
