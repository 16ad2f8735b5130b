import { simulatorCard } from "./models.ts";
import { countTokens, type SimulatedUsage } from "./usage.ts";
import {
  type Finish,
  REQUESTS_PER_MINUTE,
  type SimulatedAsk,
  TOKENS_PER_MINUTE,
  type ToldUsage,
  type Voice,
  type Wire,
  type WireError,
} from "./wire.ts";

/** The version under which sampling parameters are refused (Anthropic's migration guide of 2026-10-21). */
const WITHOUT_SAMPLING = "2026-10-21";
const SAMPLING = ["temperature", "top_p", "top_k"] as const;

/** Anthropic's messages, as its API reference and its own SDK's types have them. */
export const anthropicWire: Wire = {
  read(body, headers) {
    const version = headers["anthropic-version"];
    if (version === undefined) return invalid("anthropic-version: header is required");
    const refused = SAMPLING.find((name) => version === WITHOUT_SAMPLING && body[name] !== undefined);
    if (refused !== undefined) return invalid(`${refused}: Extra inputs are not permitted`);
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
      messages,
      context: JSON.stringify([body["tools"] ?? null, body["system"] ?? null, messages]),
      maxTokens,
      stream: body["stream"] === true,
      includeUsage: true,
    });
  },

  errorBody({ code, message }, requestId) {
    return { type: "error", error: { type: code, message }, request_id: requestId };
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

  voice(ask, id, inputUsage) {
    return new AnthropicVoice(ask, id, inputUsage);
  },

  whole(ask, id, { text, toolCall, finish, told }) {
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
    return { ...message(ask, id), content, ...stopOf(finish), usage: usageOf(told) };
  },
};

/** The answer to `GET /v1/models`. */
export function anthropicModels(names: readonly string[]): unknown {
  const data = names.map((id) => ({
    type: "model",
    id,
    display_name: id,
    created_at: "2026-11-21T00:00:00Z",
  }));
  return { data, has_more: false, first_id: names.at(0) ?? null, last_id: names.at(-1) ?? null };
}

class AnthropicVoice implements Voice {
  readonly #ask: SimulatedAsk;
  readonly #id: number;
  readonly #input: SimulatedUsage;
  #block = -1;
  #isOpen = false;

  constructor(ask: SimulatedAsk, id: number, input: SimulatedUsage) {
    this.#ask = ask;
    this.#id = id;
    this.#input = input;
  }

  opening(): string {
    const usage = usageOf({ usage: { ...this.#input, outputTokens: 1 } });
    const started = { ...message(this.#ask, this.#id), content: [], stop_reason: null, stop_details: null };
    return (
      event("message_start", { message: { ...started, stop_sequence: null, usage } }) + event("ping", {})
    );
  }

  text(piece: string): string {
    const start = this.#isOpen ? "" : this.#start({ type: "text", text: "", citations: null });
    return start + this.#delta({ type: "text_delta", text: piece });
  }

  toolCall(name: string, argumentsJson: string): string {
    const half = Math.ceil(argumentsJson.length / 2);
    return (
      this.#stop() +
      this.#start({ type: "tool_use", id: `toolu_sim${this.#id}`, name, input: {} }) +
      this.#delta({ type: "input_json_delta", partial_json: "" }) +
      this.#delta({ type: "input_json_delta", partial_json: argumentsJson.slice(0, half) }) +
      this.#delta({ type: "input_json_delta", partial_json: argumentsJson.slice(half) })
    );
  }

  closing(finish: Finish, told: ToldUsage): string {
    const delta = { ...stopOf(finish), container: null };
    return this.#stop() + event("message_delta", { delta, usage: usageOf(told) });
  }

  ending(): string {
    return event("message_stop", {});
  }

  error(error?: Readonly<Record<string, unknown>>): string {
    return event("error", { error: error ?? { type: "overloaded_error", message: "Overloaded" } });
  }

  #start(block: object): string {
    this.#block += 1;
    this.#isOpen = true;
    return event("content_block_start", { index: this.#block, content_block: block });
  }

  #delta(delta: object): string {
    return event("content_block_delta", { index: this.#block, delta });
  }

  #stop(): string {
    if (!this.#isOpen) return "";
    this.#isOpen = false;
    return event("content_block_stop", { index: this.#block });
  }
}

const STOP: Readonly<Record<Finish["kind"], string>> = {
  stop: "end_turn",
  length: "max_tokens",
  toolCalls: "tool_use",
  refusal: "refusal",
};

function stopOf(finish: Finish): object {
  const details =
    finish.kind === "refusal"
      ? { type: "refusal", category: "general_harms", explanation: finish.words }
      : null;
  return { stop_reason: STOP[finish.kind], stop_sequence: null, stop_details: details };
}

function message(ask: SimulatedAsk, id: number): object {
  return { id: `msg_sim${id}`, type: "message", role: "assistant", model: ask.model, container: null };
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

/** The simulator reads from its cache and never says that it wrote to it. */
function usageOf({ usage, override }: ToldUsage): unknown {
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

function withinWindow(ask: SimulatedAsk): SimulatedAsk | WireError {
  const window = simulatorCard(ask.model)?.maxInputTokens ?? Number.POSITIVE_INFINITY;
  const tokens = countTokens(ask.context);
  return tokens <= window ? ask : invalid(`prompt is too long: ${tokens} tokens > ${window} maximum`);
}

function invalid(message: string): WireError {
  return { status: 400, code: "invalid_request_error", message };
}
