import type {
  ChatCompletionContentPart,
  ChatCompletionMessageParam,
  ChatCompletionTool,
  ChatCompletionToolChoiceOption,
} from "openai/resources/chat/completions";
import { type Message, type Part, textOf } from "../../contract/message.ts";
import type { Ask, Tool, ToolChoice } from "../../contract/provider/ask.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { clientBody, clientBodyText } from "../http/clientBody.ts";
import type { Json } from "../json.ts";
import { hasNoEffect, NOTHING_REFUSED, type Refused, sendsEffort } from "../refusals.ts";
import { adaptMessages } from "./adaptMessages.ts";
import { type ServerRules, serverRules } from "./serverRules.ts";

/** Fields of a client's own body that are never relayed: the fields of the `Ask` are sent instead, if it has them. */
const REPLACED: readonly string[] = [
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "stream",
  "stream_options",
];

/** Fields of a client's own body that set how much to reason: of OpenAI, OpenRouter, Anthropic, Alibaba and vLLM. */
const EFFORT_FIELDS = [
  "reasoning_effort",
  "reasoning",
  "thinking",
  "enable_thinking",
  "chat_template_kwargs",
] as const;

/**
 * The body of a request for chat completions, as JSON. A client's own body in this format is relayed with our fields in it,
 * and with only those changes that its server needs. Its parts are copied instead of being serialized again.
 * @param reasoningOf the reasoning that preceded a tool call with this id, for servers that need it
 * @param refused what the server has refused of earlier requests
 */
export function openaiBodyText(
  ask: Ask,
  config: ProviderConfig,
  reasoningOf: (id: string) => string | undefined = () => undefined,
  refused: Refused = NOTHING_REFUSED,
): string {
  const rules = serverRules(config, ask.model, refused);
  const ours = ownFields(ask, rules, refused.maxOutputTokens);
  const appended = appendedMessages(ask, rules);
  const { tools = [], wire } = ask;
  if (wire?.format === "openai") {
    const { body, text } = wire;
    const own: readonly unknown[] = Array.isArray(body["messages"]) ? body["messages"] : [];
    const messages = appended.length === 0 ? own : [...own, ...appended];
    const adapted = adaptMessages(messages, rules, reasoningOf) ?? messages;
    const effort = EFFORT_FIELDS.some((name) => Object.hasOwn(body, name)) ? {} : effortField(ask, refused);
    const common = { ...ours, ...effort };
    const fields = adapted === own ? common : { ...common, messages: adapted };
    const dropped = [...REPLACED, ...choicesWithoutTools(body), ...withoutEffect(rules, body)];
    return text === undefined
      ? JSON.stringify(clientBody(body, fields, dropped))
      : clientBodyText(text, body, fields, dropped);
  }
  const messages = [...ask.messages.flatMap(messagesOf), ...appended];
  return JSON.stringify({
    ...ours,
    messages: adaptMessages(messages, rules, reasoningOf) ?? messages,
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOf) }),
    ...(tools.length === 0 || ask.toolChoice === undefined || isRejectedChoice(ask.toolChoice, rules)
      ? {}
      : { tool_choice: choiceOf(ask.toolChoice) }),
    ...(tools.length === 0 || ask.parallelToolCalls !== false ? {} : { parallel_tool_calls: false }),
    ...effortField(ask, refused),
    ...(ask.stop === undefined || ask.stop.length === 0 ? {} : { stop: [...ask.stop] }),
  });
}

function effortField(ask: Ask, refused: Refused): Json {
  const { reasoningEffort } = ask;
  if (reasoningEffort === undefined || !sendsEffort(ask, refused)) return {};
  return { reasoning_effort: reasoningEffort };
}

/** Lists of tools that are empty, and the choices among them: servers reject both ("[] is too short - 'tools'"). */
function choicesWithoutTools(body: Json): readonly string[] {
  const isEmpty = (name: string): boolean => {
    const list = body[name];
    return !Array.isArray(list) || list.length === 0;
  };
  return [
    ...(isEmpty("tools") ? ["tools", "tool_choice", "parallel_tool_calls"] : []),
    ...(isEmpty("functions") ? ["functions", "function_call"] : []),
  ];
}

/** The fields that are never a client's. */
function ownFields(ask: Ask, rules: ServerRules, maxOutputTokens = ask.maxOutputTokens): Json {
  const sampling = {
    ...(ask.temperature === undefined ? {} : { temperature: ask.temperature }),
    ...(ask.topP === undefined ? {} : { top_p: ask.topP }),
  };
  const rejected = withoutEffect(rules, sampling);
  return {
    model: ask.model,
    stream: true,
    ...(rules.takesStreamOptions ? { stream_options: { include_usage: true } } : {}),
    [rules.outputLimitField]: Math.min(ask.maxOutputTokens, maxOutputTokens),
    ...Object.fromEntries(Object.entries(sampling).filter(([name]) => !rejected.includes(name))),
  };
}

/** The fields of a body that its server rejects, and without which the answer is the same. */
function withoutEffect({ rejectedOptions }: ServerRules, body: Json): readonly string[] {
  return rejectedOptions.filter((name) => Object.hasOwn(body, name) && hasNoEffect(name, body[name]));
}

/** The partial answer to resume, and what follows it. */
function appendedMessages(
  { appended = [] }: Ask,
  { needsPrefix }: ServerRules,
): readonly (ChatCompletionMessageParam & { prefix?: true })[] {
  const messages = appended.flatMap(messagesOf);
  const last = messages.at(-1);
  return last?.role === "assistant" && needsPrefix
    ? [...messages.slice(0, -1), { ...last, prefix: true }]
    : messages;
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
      // Reasoning is not sent back: chat completions have no field for it. `adaptMessages` adds it for the servers that
      // need it.
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

function isRejectedChoice(choice: ToolChoice, { rejectedOptions }: ServerRules): boolean {
  return hasNoEffect("tool_choice", choice) && rejectedOptions.includes("tool_choice");
}

function choiceOf(choice: ToolChoice): ChatCompletionToolChoiceOption {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } };
}
