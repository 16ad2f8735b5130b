import { simulatorCard } from "../models.ts";
import {
  type ChatRequest,
  countedJson,
  countTokens,
  type EventFormatter,
  type Finish,
  REQUESTS_PER_MINUTE,
  type ReportedUsage,
  TOKENS_PER_MINUTE,
  type TokenUsage,
  type ToolCall,
  type WireError,
  type WireFormat,
} from "./wireFormat.ts";

/** The API version that rejects sampling parameters (Anthropic's migration guide of 2026-10-21). */
const WITHOUT_SAMPLING = "2026-10-21";
const SAMPLING = ["temperature", "top_p", "top_k"] as const;

/** Anthropic's messages, after its API reference and the types of its SDK. */
export const anthropicFormat: WireFormat = {
  name: "anthropic",

  readRequest(body, headers) {
    const version = headers["anthropic-version"];
    if (version === undefined) return invalid("anthropic-version: header is required");
    const rejected = SAMPLING.find((name) => version === WITHOUT_SAMPLING && body[name] !== undefined);
    if (rejected !== undefined) return invalid(`${rejected}: Extra inputs are not permitted`);
    const { model, messages } = body;
    if (typeof model !== "string" || model === "") return invalid("model: Field required");
    if (simulatorCard(model) === undefined) {
      return { status: 404, code: "not_found_error", message: `model: ${model}` };
    }
    if (!Array.isArray(messages) || messages.length === 0) {
      return invalid("messages: at least one message is required");
    }
    const maxTokens = body["max_tokens"];
    if (typeof maxTokens !== "number" || !Number.isSafeInteger(maxTokens) || maxTokens < 1) {
      return invalid("max_tokens: Field required");
    }
    return withinWindow({
      model,
      messages: [{ role: "system", content: body["system"] }, ...messages],
      context: countedJson([body["tools"] ?? null, body["system"] ?? null, messages]),
      maxTokens,
      stream: body["stream"] === true,
      includeUsage: true,
    });
  },

  errorBody({ code, message }, requestId) {
    return { type: "error", error: { type: code, message }, request_id: requestId };
  },

  errorOfStatus(status) {
    return { status, code: ERROR_TYPES[status] ?? "api_error", message: `Simulated error ${status}.` };
  },

  headers(requestId, remainingRequests, nowMs) {
    const resetAt = new Date(nowMs + 60_000).toISOString();
    const limits = (name: string, limit: number, remaining: number): object => ({
      [`anthropic-ratelimit-${name}-limit`]: String(limit),
      [`anthropic-ratelimit-${name}-remaining`]: String(remaining),
      [`anthropic-ratelimit-${name}-reset`]: resetAt,
    });
    return {
      "request-id": requestId,
      "anthropic-organization-id": "simulator",
      ...limits("requests", REQUESTS_PER_MINUTE, remainingRequests),
      ...limits("tokens", TOKENS_PER_MINUTE, TOKENS_PER_MINUTE - 1000),
      ...limits("input-tokens", TOKENS_PER_MINUTE, TOKENS_PER_MINUTE - 500),
      ...limits("output-tokens", TOKENS_PER_MINUTE, TOKENS_PER_MINUTE - 500),
    };
  },

  events(request, id, inputUsage) {
    return new AnthropicEvents(request, id, inputUsage);
  },

  completion(request, id, { text, toolCall, finish, usage }) {
    const content = [
      ...(text === "" ? [] : [{ type: "text", text, citations: null }]),
      ...(toolCall === undefined
        ? []
        : [
            {
              type: "tool_use",
              id: `toolu_sim${id}`,
              name: toolCall.name,
              input: JSON.parse(toolCall.argumentsJson),
            },
          ]),
    ];
    return { ...message(request, id), content, ...stopOf(finish), usage: usageObject(usage) };
  },

  models(names) {
    const data = names.map((id) => ({
      type: "model",
      id,
      display_name: id,
      created_at: "2026-11-21T00:00:00Z",
    }));
    return { data, has_more: false, first_id: names.at(0) ?? null, last_id: names.at(-1) ?? null };
  },
};

class AnthropicEvents implements EventFormatter {
  readonly #request: ChatRequest;
  readonly #id: number;
  readonly #input: TokenUsage;
  #blockIndex = -1;
  #isBlockOpen = false;

  constructor(request: ChatRequest, id: number, input: TokenUsage) {
    this.#request = request;
    this.#id = id;
    this.#input = input;
  }

  start(): string {
    const usage = usageObject({ usage: { ...this.#input, outputTokens: 1 } });
    const started = {
      ...message(this.#request, this.#id),
      content: [],
      stop_reason: null,
      stop_details: null,
    };
    return (
      event("message_start", { message: { ...started, stop_sequence: null, usage } }) + event("ping", {})
    );
  }

  text(piece: string): string {
    const start = this.#isBlockOpen ? "" : this.#startBlock({ type: "text", text: "", citations: null });
    return start + this.#delta({ type: "text_delta", text: piece });
  }

  toolCall({ name, argumentsJson }: ToolCall): string {
    const half = Math.ceil(argumentsJson.length / 2);
    return (
      this.#stopBlock() +
      this.#startBlock({ type: "tool_use", id: `toolu_sim${this.#id}`, name, input: {} }) +
      this.#delta({ type: "input_json_delta", partial_json: "" }) +
      this.#delta({ type: "input_json_delta", partial_json: argumentsJson.slice(0, half) }) +
      this.#delta({ type: "input_json_delta", partial_json: argumentsJson.slice(half) })
    );
  }

  finish(finish: Finish, usage: ReportedUsage): string {
    const delta = { ...stopOf(finish), container: null };
    return this.#stopBlock() + event("message_delta", { delta, usage: usageObject(usage) });
  }

  end(): string {
    return event("message_stop", {});
  }

  error(error?: Readonly<Record<string, unknown>>): string {
    return event("error", { error: error ?? { type: "overloaded_error", message: "Overloaded" } });
  }

  #startBlock(block: object): string {
    this.#blockIndex += 1;
    this.#isBlockOpen = true;
    return event("content_block_start", { index: this.#blockIndex, content_block: block });
  }

  #delta(delta: object): string {
    return event("content_block_delta", { index: this.#blockIndex, delta });
  }

  #stopBlock(): string {
    if (!this.#isBlockOpen) return "";
    this.#isBlockOpen = false;
    return event("content_block_stop", { index: this.#blockIndex });
  }
}

/** The `type` of an error by status (Anthropic's reference on errors). */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const STOP: Readonly<Record<Finish["kind"], string>> = {
  stop: "end_turn",
  length: "max_tokens",
  toolCalls: "tool_use",
  refusal: "refusal",
};

function stopOf(finish: Finish): object {
  const details =
    finish.kind === "refusal"
      ? { type: "refusal", category: "general_harms", explanation: finish.message }
      : null;
  return { stop_reason: STOP[finish.kind], stop_sequence: null, stop_details: details };
}

function message(request: ChatRequest, id: number): object {
  return { id: `msg_sim${id}`, type: "message", role: "assistant", model: request.model, container: null };
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

/** The usage, without cache writes: the simulator never reports any. */
function usageObject({ usage, override }: ReportedUsage): unknown {
  return (
    override ?? {
      input_tokens: usage.inputTokens - usage.cachedTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: usage.cachedTokens,
      output_tokens: usage.outputTokens,
      output_tokens_details: null,
      service_tier: "standard",
    }
  );
}

function withinWindow(request: ChatRequest): ChatRequest | WireError {
  const window = simulatorCard(request.model)?.maxInputTokens ?? Number.POSITIVE_INFINITY;
  const tokens = countTokens(request.context);
  return tokens <= window ? request : invalid(`prompt is too long: ${tokens} tokens > ${window} maximum`);
}

function invalid(message: string): WireError {
  return { status: 400, code: "invalid_request_error", message };
}
