import { isRecord } from "../../base/isRecord.ts";
import { simulatorCard } from "../models.ts";
import {
  type ChatRequest,
  countedJson,
  countTokens,
  type Finish,
  REQUESTS_PER_MINUTE,
  type ReportedUsage,
  TOKENS_PER_MINUTE,
  type WireError,
  type WireFormat,
} from "./wireFormat.ts";

/** OpenAI's chat completions, after its API reference and the types of its SDK. */
export const openaiFormat: WireFormat = {
  name: "openai",

  readRequest(body) {
    const { model, messages } = body;
    if (typeof model !== "string" || model === "") return invalid("you must provide a model parameter");
    if (simulatorCard(model) === undefined) {
      return {
        status: 404,
        code: "model_not_found",
        message: `The model \`${model}\` does not exist or you do not have access to it.`,
      };
    }
    if (!Array.isArray(messages) || messages.length === 0) {
      return invalid("Invalid 'messages': empty array. Expected an array with minimum length 1.");
    }
    const limit = body["max_completion_tokens"] ?? body["max_tokens"];
    if (limit !== undefined && limit !== null && !isLimit(limit)) return invalid("Invalid 'max_tokens'.");
    const options = body["stream_options"];
    return withinWindow({
      model,
      messages,
      context: countedJson([body["tools"] ?? null, messages]),
      stream: body["stream"] === true,
      includeUsage: body["stream"] !== true || (isRecord(options) && options["include_usage"] === true),
      maxTokens: isLimit(limit) ? limit : undefined,
    });
  },

  errorBody({ code, message, status }) {
    return { error: { message, type: errorType(status, code), param: null, code } };
  },

  errorOfStatus(status) {
    return { status, code: ERROR_CODES[status] ?? "server_error", message: `Simulated error ${status}.` };
  },

  headers(requestId, remainingRequests) {
    return {
      "x-request-id": requestId,
      "openai-version": "2020-10-01",
      "openai-organization": "simulator",
      "openai-processing-ms": "12",
      "x-ratelimit-limit-requests": String(REQUESTS_PER_MINUTE),
      "x-ratelimit-remaining-requests": String(remainingRequests),
      "x-ratelimit-reset-requests": "6ms",
      "x-ratelimit-limit-tokens": String(TOKENS_PER_MINUTE),
      "x-ratelimit-remaining-tokens": String(TOKENS_PER_MINUTE - 1000),
      "x-ratelimit-reset-tokens": "1m0.03s",
    };
  },

  events(request, id, _inputUsage, nowMs) {
    const head = { ...common(request, id, nowMs), object: "chat.completion.chunk" };
    // With include_usage, every chunk before the last one has `usage: null`.
    const tail = request.includeUsage ? { usage: null } : {};
    const chunk = (delta: object, finish: string | null = null): string =>
      event({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...tail });
    return {
      start: () => chunk({ role: "assistant", content: "", refusal: null }),
      text: (piece) => chunk({ content: piece }),
      toolCall: ({ name, argumentsJson }) => {
        const half = Math.ceil(argumentsJson.length / 2);
        const call = { index: 0, id: `call_${id}`, type: "function", function: { name, arguments: "" } };
        const part = (text: string): object => ({
          tool_calls: [{ index: 0, function: { arguments: text } }],
        });
        return (
          chunk({ tool_calls: [call] }) +
          chunk(part(argumentsJson.slice(0, half))) +
          chunk(part(argumentsJson.slice(half)))
        );
      },
      finish: (finish, usage) =>
        (finish.kind === "refusal" ? chunk({ refusal: finish.message }) : "") +
        chunk({}, FINISH[finish.kind]) +
        (request.includeUsage ? event({ ...head, choices: [], usage: usageObject(usage) }) : ""),
      end: () => "data: [DONE]\n\n",
      error: (error) =>
        event({
          error: error ?? {
            message: "The server is overloaded (simulated).",
            type: "server_error",
            param: null,
            code: "server_error",
          },
        }),
    };
  },

  completion(request, id, { text, toolCall, finish, usage }, nowMs) {
    const calls =
      toolCall === undefined
        ? {}
        : {
            tool_calls: [
              {
                id: `call_${id}`,
                type: "function",
                function: { name: toolCall.name, arguments: toolCall.argumentsJson },
              },
            ],
          };
    const message = {
      role: "assistant",
      content: text === "" ? null : text,
      refusal: finish.kind === "refusal" ? finish.message : null,
      annotations: [],
      ...calls,
    };
    return {
      ...common(request, id, nowMs),
      object: "chat.completion",
      choices: [{ index: 0, message, logprobs: null, finish_reason: FINISH[finish.kind] }],
      usage: usageObject(usage),
    };
  },

  models(names) {
    return {
      object: "list",
      data: names.map((id) => ({ id, object: "model", created: 1_763_683_200, owned_by: "simulator" })),
    };
  },
};

/** The `code` of an error by status. */
const ERROR_CODES: Readonly<Record<number, string>> = {
  400: "invalid_value",
  401: "invalid_api_key",
  403: "unsupported_country_region_territory",
  404: "model_not_found",
  413: "context_length_exceeded",
  429: "rate_limit_exceeded",
};

const FINISH: Readonly<Record<Finish["kind"], string>> = {
  stop: "stop",
  length: "length",
  toolCalls: "tool_calls",
  refusal: "content_filter",
};

function common(request: ChatRequest, id: number, nowMs: number): object {
  return {
    id: `chatcmpl-sim${id}`,
    created: Math.floor(nowMs / 1000),
    model: request.model,
    service_tier: "default",
    system_fingerprint: "fp_simulator",
  };
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function usageObject({
  usage: { inputTokens, cachedTokens, outputTokens },
  override,
}: ReportedUsage): unknown {
  return (
    override ?? {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    }
  );
}

function withinWindow(request: ChatRequest): ChatRequest | WireError {
  const window = simulatorCard(request.model)?.maxInputTokens ?? Number.POSITIVE_INFINITY;
  const tokens = countTokens(request.context);
  if (tokens <= window) return request;
  return {
    status: 400,
    code: "context_length_exceeded",
    message: `This model's maximum context length is ${window} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
  };
}

function errorType(status: number, code: string): string {
  if (code === "insufficient_quota") return "insufficient_quota";
  if (status === 429) return "requests";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

function isLimit(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function invalid(message: string): WireError {
  return { status: 400, code: "invalid_value", message };
}
