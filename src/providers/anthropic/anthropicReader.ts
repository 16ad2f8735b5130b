import { isRecord } from "../../base/isRecord.ts";
import type { Failure } from "../../contract/failure.ts";
import {
  type FailureContext,
  failureOf,
  failureOfErrorBody,
  failureOfErrorEvent,
} from "../errors/failures.ts";
import { type Json, parseRecord, recordAt, stringAt } from "../json.ts";
import {
  type AnswerEnd,
  type AnswerReader,
  type ContentEvent,
  emptyAnswerMessage,
  type Finish,
  FinishReasons,
  type FinishState,
  NO_CONTENT,
} from "../stream/answerReader.ts";
import type { StreamEvent } from "../stream/events/eventStream.ts";
import { ToolCallAssembler } from "../stream/toolCalls.ts";
import { anthropicUsage, joinedUsage } from "../stream/usage.ts";
import { REDACTED } from "./anthropicRequest.ts";

/** Stop reasons (StopReason of its SDK 1.12). Any other counts as `stop`. */
const FINISH: Readonly<Record<string, Finish>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "toolCalls",
  refusal: "refused",
};

/** Reads the stream of a message of Anthropic's. */
export class AnthropicReader implements AnswerReader {
  model: string | undefined;
  hasBegun = false;
  hasUsage = false;
  isDone = false;
  isRelayable = false;

  readonly #context: FailureContext;
  readonly #requestId: string | undefined;
  readonly #calls = new ToolCallAssembler();
  /** Indexes of content blocks that are tool calls. */
  readonly #toolBlocks = new Set<unknown>();
  /** Indexes of content blocks that are calls of tools at the provider: a part of the answer's wire text only. */
  readonly #serverToolBlocks = new Set<unknown>();
  readonly #reasons = new FinishReasons();
  #refusal: Json | undefined;
  #startUsage: Json | undefined;
  #endUsage: Json | undefined;
  #hasText = false;

  constructor(context: FailureContext, requestId: string | undefined) {
    this.#context = context;
    this.#requestId = requestId;
  }

  get toolCallCharacters(): number {
    return this.#calls.argumentCharacters;
  }

  get finish(): FinishState {
    return this.#reasons.state;
  }

  read({ event, data, isBody = false }: StreamEvent): readonly ContentEvent[] | undefined {
    const message = parseRecord(data);
    if (message === undefined) return undefined;
    const index = message["index"];
    this.isRelayable = !this.#toolBlocks.has(index);
    const type = stringAt(message, "type") || event;
    const error = recordAt(message, "error");
    if (type === "error" || error !== undefined) {
      const read = isBody && !this.hasBegun ? failureOfErrorBody : failureOfErrorEvent;
      throw read(this.#context, error ?? message["error"] ?? message, this.#requestId);
    }
    switch (type) {
      case "message_start": {
        const start = recordAt(message, "message") ?? {};
        this.model = stringAt(start, "model") || undefined;
        this.#startUsage = recordAt(start, "usage");
        return NO_CONTENT;
      }
      case "content_block_start":
        return this.#startBlock(index, recordAt(message, "content_block") ?? {});
      case "content_block_delta":
        return this.#readDelta(index, recordAt(message, "delta") ?? {});
      case "message_delta": {
        this.isRelayable = false;
        const delta = recordAt(message, "delta") ?? {};
        const reason = stringAt(delta, "stop_reason");
        const hasAnswered = this.#hasText || !this.#calls.isEmpty;
        if (reason !== "") this.#reasons.set(reason, hasAnswered ? "clear" : "likely");
        this.#refusal = recordAt(delta, "stop_details") ?? this.#refusal;
        this.#endUsage = joinedUsage(this.#endUsage, recordAt(message, "usage"));
        this.hasUsage = this.#endUsage !== undefined;
        return NO_CONTENT;
      }
      case "message_stop":
        this.isRelayable = false;
        this.isDone = true;
        return NO_CONTENT;
      case "message":
        return this.#readWhole(message);
      default:
        return NO_CONTENT;
    }
  }

  end(): AnswerEnd {
    const { finish, reason, isUnexplained } = this.#reasons.end(FINISH, this.isDone);
    // Before the end, only the input is reported. A part of the usage would be taken for all of it.
    const usage = this.hasUsage ? anthropicUsage(this.#startUsage, this.#endUsage) : undefined;
    if (finish === "cut" || finish === "refused") {
      const failure = finish === "cut" ? this.#cut() : this.#refused();
      return { toolCalls: [], usage, outcome: { failure } };
    }
    const { calls, problem } = this.#calls.complete(finish === "length");
    if (problem !== undefined) {
      const failure = failureOf(this.#context, "malformed", problem, { requestId: this.#requestId });
      return { toolCalls: [], usage, outcome: { failure } };
    }
    if (!this.#hasText && calls.length === 0) {
      return { toolCalls: calls, usage, outcome: { failure: this.#empty(finish, reason) } };
    }
    return { toolCalls: calls, usage, outcome: isUnexplained ? { finish, isUnexplained } : { finish } };
  }

  withdrawFinish(): void {
    this.#reasons.withdraw();
    this.hasUsage = false;
  }

  #cut(): Failure {
    const message = "the stream ended without a stop reason";
    return failureOf(this.#context, "cut", message, { requestId: this.#requestId });
  }

  #refused(): Failure {
    const { explanation, category } = this.#refusal ?? {};
    const suffix = typeof category === "string" ? ` (${category})` : "";
    const message =
      typeof explanation === "string"
        ? explanation
        : `the model's safety system declined the request${suffix}`;
    const code = typeof category === "string" ? category : "refusal";
    return failureOf(this.#context, "refused", message, { requestId: this.#requestId, code });
  }

  #empty(finish: Finish, reason: string | undefined): Failure {
    const requestId = this.#requestId;
    if (reason !== "model_context_window_exceeded") {
      return failureOf(this.#context, "empty", emptyAnswerMessage(finish), { requestId });
    }
    const message = "the context window was full before any text";
    return failureOf(this.#context, "context-length", message, { requestId, code: reason });
  }

  /** Reads a message that is not streamed. */
  #readWhole(message: Json): readonly ContentEvent[] {
    const blocks = Array.isArray(message["content"]) ? message["content"].filter(isRecord) : [];
    const content = blocks.flatMap((block, index) => this.#startBlock(index, block));
    this.isRelayable = false;
    this.isDone = true;
    this.#endUsage = recordAt(message, "usage");
    this.hasUsage = this.#endUsage !== undefined;
    const reason = stringAt(message, "stop_reason");
    if (reason !== "") this.#reasons.set(reason, "likely");
    return content;
  }

  #startBlock(index: unknown, block: Json): readonly ContentEvent[] {
    this.hasBegun = true;
    this.withdrawFinish();
    switch (stringAt(block, "type")) {
      case "tool_use":
        this.#toolBlocks.add(index);
        this.#addToolCall({
          index,
          id: stringAt(block, "id"),
          name: stringAt(block, "name"),
          // Anthropic begins with an empty input; a server that does not stream it sends all of it here.
          arguments: inputText(block["input"]),
        });
        return NO_CONTENT;
      case "server_tool_use":
      case "mcp_tool_use":
        this.#serverToolBlocks.add(index);
        return NO_CONTENT;
      case "thinking":
        return thoughtOf(stringAt(block, "thinking"), stringAt(block, "signature"));
      case "redacted_thinking":
        return [{ type: "reasoning", text: "", signature: REDACTED + stringAt(block, "data") }];
      default:
        return this.#text(stringAt(block, "text"));
    }
  }

  #readDelta(index: unknown, delta: Json): readonly ContentEvent[] {
    this.hasBegun = true;
    this.withdrawFinish();
    switch (stringAt(delta, "type")) {
      case "text_delta":
        return this.#text(stringAt(delta, "text"));
      case "thinking_delta": {
        const text = stringAt(delta, "thinking");
        return text === "" ? NO_CONTENT : [{ type: "reasoning", text }];
      }
      case "signature_delta":
        return [{ type: "reasoning", text: "", signature: stringAt(delta, "signature") }];
      case "input_json_delta":
        if (this.#serverToolBlocks.has(index)) return NO_CONTENT;
        this.#addToolCall({ index, arguments: stringAt(delta, "partial_json") });
        return NO_CONTENT;
      default:
        return NO_CONTENT;
    }
  }

  #addToolCall({ index, ...part }: { index: unknown; id?: string; name?: string; arguments?: string }): void {
    this.isRelayable = false;
    this.#calls.add({ ...part, index: typeof index === "number" ? index : undefined });
    if (this.#calls.isTooLarge) {
      throw failureOf(this.#context, "malformed", "the tool calls are too long");
    }
  }

  #text(text: string): readonly ContentEvent[] {
    if (text === "") return NO_CONTENT;
    if (!this.#hasText) this.#hasText = /\S/.test(text);
    return [{ type: "text", text }];
  }
}

/** The reasoning in a block; none if it follows. */
function thoughtOf(text: string, signature: string): readonly ContentEvent[] {
  if (text === "" && signature === "") return NO_CONTENT;
  return [{ type: "reasoning", text, ...(signature === "" ? {} : { signature }) }];
}

/** The arguments in a call's block; empty if they follow. */
function inputText(input: unknown): string {
  return isRecord(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : "";
}
