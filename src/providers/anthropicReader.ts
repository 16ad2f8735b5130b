import type { Failure } from "../contract/failure.ts";
import {
  type AnswerEnd,
  type AnswerReader,
  answerEnd,
  type ContentEvent,
  emptyWords,
  type Finish,
  NO_CONTENT,
} from "./answerReader.ts";
import { REDACTED } from "./anthropicRequest.ts";
import type { StreamEvent } from "./eventStream.ts";
import { type FailureContext, failureOf, failureOfErrorEvent } from "./failures.ts";
import { type Json, parseRecord, recordAt, stringAt } from "./json.ts";
import { ToolCalls } from "./toolCalls.ts";
import { anthropicUsage } from "./usage.ts";

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

/** Reads the stream of Anthropic's messages. */
export class AnthropicReader implements AnswerReader {
  readonly #context: FailureContext;
  readonly #requestId: string | undefined;
  readonly #calls = new ToolCalls();
  #stopReason: string | undefined;
  #refusal: Json | undefined;
  #started: Json | undefined;
  #ended: Json | undefined;
  #hasText = false;
  #hasBegun = false;
  #isDone = false;

  constructor(context: FailureContext, requestId: string | undefined) {
    this.#context = context;
    this.#requestId = requestId;
  }

  get callCharacters(): number {
    return this.#calls.argumentCharacters;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get hasFinished(): boolean {
    return this.#stopReason !== undefined;
  }

  get hasUsage(): boolean {
    return this.#ended !== undefined;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  take({ event, data }: StreamEvent): readonly ContentEvent[] | undefined {
    const told = parseRecord(data);
    if (told === undefined) return undefined;
    switch (stringAt(told, "type") || event) {
      case "message_start":
        this.#started = recordAt(recordAt(told, "message") ?? {}, "usage");
        return NO_CONTENT;
      case "content_block_start":
        return this.#startBlock(told["index"], recordAt(told, "content_block") ?? {});
      case "content_block_delta":
        return this.#takeDelta(told["index"], recordAt(told, "delta") ?? {});
      case "message_delta": {
        const delta = recordAt(told, "delta") ?? {};
        const reason = stringAt(delta, "stop_reason");
        if (reason !== "") this.#stopReason = reason;
        this.#refusal = recordAt(delta, "stop_details") ?? this.#refusal;
        this.#ended = recordAt(told, "usage") ?? this.#ended;
        return NO_CONTENT;
      }
      case "message_stop":
        this.#isDone = true;
        return NO_CONTENT;
      case "error":
        throw failureOfErrorEvent(this.#context, told["error"] ?? told, this.#requestId);
      default:
        return NO_CONTENT;
    }
  }

  end(): AnswerEnd {
    const finish = this.#stopReason === undefined ? "cut" : (FINISH[this.#stopReason] ?? "stop");
    const calls = this.#calls.whole(finish === "length");
    // Before the end only the input is known: half a usage would pass for a whole one.
    const usage = this.#ended === undefined ? undefined : anthropicUsage(this.#started, this.#ended);
    return answerEnd(finish, calls, usage, this.#failure(finish, calls.length > 0));
  }

  #failure(finish: Finish, hasCalls: boolean): Failure | undefined {
    const more = this.#requestId === undefined ? {} : { requestId: this.#requestId };
    if (finish === "cut") {
      return failureOf(this.#context, "cut", "the stream ended without a stop reason", more);
    }
    if (finish === "refused") {
      const { explanation, category } = this.#refusal ?? {};
      const named = typeof category === "string" ? ` (${category})` : "";
      const words =
        typeof explanation === "string"
          ? explanation
          : `the model's safety system declined the request${named}`;
      return failureOf(this.#context, "refused", words, {
        ...more,
        code: typeof category === "string" ? category : "refusal",
      });
    }
    if (this.#hasText || hasCalls) return undefined;
    if (this.#stopReason === "model_context_window_exceeded") {
      const words = "the context window was full before any text";
      return failureOf(this.#context, "context-length", words, { ...more, code: this.#stopReason });
    }
    return failureOf(this.#context, "empty", emptyWords(finish), more);
  }

  #startBlock(index: unknown, block: Json): readonly ContentEvent[] {
    this.#hasBegun = true;
    switch (stringAt(block, "type")) {
      case "tool_use":
        this.#calls.add({
          id: stringAt(block, "id"),
          name: stringAt(block, "name"),
          ...(typeof index === "number" ? { index } : {}),
        });
        this.#checkCalls();
        return NO_CONTENT;
      case "redacted_thinking":
        return [{ type: "reasoning", text: "", signature: REDACTED + stringAt(block, "data") }];
      default:
        return this.#text(stringAt(block, "text"));
    }
  }

  #takeDelta(index: unknown, delta: Json): readonly ContentEvent[] {
    this.#hasBegun = true;
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
        this.#calls.add({
          argumentsPiece: stringAt(delta, "partial_json"),
          ...(typeof index === "number" ? { index } : {}),
        });
        this.#checkCalls();
        return NO_CONTENT;
      default:
        return NO_CONTENT;
    }
  }

  #checkCalls(): void {
    if (this.#calls.isTooLarge) throw failureOf(this.#context, "malformed", "the tool calls have no end");
  }

  #text(text: string): readonly ContentEvent[] {
    if (text === "") return NO_CONTENT;
    if (!this.#hasText) this.#hasText = /\S/.test(text);
    return [{ type: "text", text }];
  }
}
