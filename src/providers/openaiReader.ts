import type { Failure } from "../contract/failure.ts";
import { AlikeChunks } from "./alikeChunks.ts";
import {
  type AnswerEnd,
  type AnswerReader,
  answerEnd,
  type ContentEvent,
  emptyWords,
  type Finish,
  NO_CONTENT,
} from "./answerReader.ts";
import type { StreamEvent } from "./eventStream.ts";
import { type FailureContext, failureOf, failureOfErrorEvent } from "./failures.ts";
import { isRecord, type Json, parseRecord, recordAt, stringAt } from "./json.ts";
import { ToolCalls } from "./toolCalls.ts";
import { openaiUsage } from "./usage.ts";

/**
 * Finish reasons, in lower case: OpenAI's, and those that Google, Mistral, DeepSeek and OpenRouter say in its place.
 * Any other counts as `stop`: a server of one's own may name its own stop token.
 */
const FINISH: Readonly<Record<string, Finish>> = {
  stop: "stop",
  length: "length",
  max_tokens: "length",
  model_length: "length",
  tool_calls: "toolCalls",
  function_call: "toolCalls",
  content_filter: "refused",
  safety: "refused",
  recitation: "refused",
  prohibited_content: "refused",
  sensitive: "refused",
  error: "cut",
  network_error: "cut",
  insufficient_system_resource: "cut",
};

/** A failure's words are shorter (words.ts). */
const MAX_REFUSAL_CHARACTERS = 10_000;

/** Reads the stream of chat completions. */
export class OpenaiReader implements AnswerReader {
  readonly #context: FailureContext;
  readonly #requestId: string | undefined;
  readonly #calls = new ToolCalls();
  readonly #alike = new AlikeChunks();
  #finish: string | undefined;
  #usage: unknown;
  #hasUsage = false;
  #refusal = "";
  #hasText = false;
  #hasReasoning = false;
  #isDone = false;

  constructor(context: FailureContext, requestId: string | undefined) {
    this.#context = context;
    this.#requestId = requestId;
  }

  get callCharacters(): number {
    return this.#calls.argumentCharacters;
  }

  get hasBegun(): boolean {
    return this.#hasText || this.#hasReasoning || !this.#calls.isEmpty;
  }

  get hasFinished(): boolean {
    return this.#finish !== undefined;
  }

  get hasUsage(): boolean {
    return this.#hasUsage;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  take({ event, data }: StreamEvent): readonly ContentEvent[] | undefined {
    if (data === "[DONE]") {
      this.#isDone = true;
      return NO_CONTENT;
    }
    const text = event === undefined ? this.#alike.textOf(data) : undefined;
    if (text !== undefined) return text === "" ? NO_CONTENT : this.#said([{ type: "text", text }]);
    const chunk = parseRecord(data);
    if (chunk === undefined) return undefined;
    const error = chunk["error"] ?? (event === "error" ? chunk : undefined);
    if (error !== undefined && error !== null) {
      throw failureOfErrorEvent(this.#context, error, this.#requestId);
    }
    const choices = chunk["choices"];
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    const finish = isRecord(choice) ? stringAt(choice, "finish_reason") : "";
    if (finish !== "") this.#finish = finish.toLowerCase();
    if (isRecord(chunk["usage"])) {
      this.#usage = chunk["usage"];
      // xAI and others tell what was used so far with every chunk.
      this.#hasUsage = this.#finish !== undefined;
    }
    const delta = isRecord(choice) ? recordAt(choice, "delta") : undefined;
    if (delta === undefined) return NO_CONTENT;
    if (event === undefined && finish === "" && !isRecord(chunk["usage"])) this.#learn(data, delta);
    return this.#takeDelta(delta);
  }

  end(): AnswerEnd {
    const finish = this.#finish === undefined ? "cut" : (FINISH[this.#finish] ?? "stop");
    const calls = this.#calls.whole(finish === "length");
    // Ollama and Google finish a tool call with "stop".
    const reason = finish === "stop" && calls.length > 0 ? "toolCalls" : finish;
    return answerEnd(reason, calls, openaiUsage(this.#usage), this.#failure(finish, calls.length > 0));
  }

  #failure(finish: Finish, hasCalls: boolean): Failure | undefined {
    const more = this.#requestId === undefined ? {} : { requestId: this.#requestId };
    if (this.#finish === undefined) {
      return failureOf(this.#context, "cut", "the stream ended without a finish reason", more);
    }
    const withCode = { ...more, code: this.#finish };
    if (finish === "cut") {
      return failureOf(this.#context, "cut", `the stream ended with "${this.#finish}"`, withCode);
    }
    if (finish === "refused" || this.#refusal !== "") {
      const words = this.#refusal || "the provider's content filter stopped the answer";
      return failureOf(this.#context, "refused", words, withCode);
    }
    if (this.#hasText || hasCalls) return undefined;
    return failureOf(this.#context, "empty", emptyWords(finish), more);
  }

  #takeDelta(delta: Json): readonly ContentEvent[] {
    const calls = delta["tool_calls"];
    if (Array.isArray(calls)) this.#takeCalls(calls);
    if (this.#refusal.length < MAX_REFUSAL_CHARACTERS) this.#refusal += stringAt(delta, "refusal");
    // DeepSeek, vLLM and others say `reasoning_content`; OpenRouter, Groq and Ollama `reasoning`.
    const reasoning = stringAt(delta, "reasoning_content") || stringAt(delta, "reasoning");
    const content = delta["content"];
    const events: ContentEvent[] = [];
    if (reasoning !== "") events.push({ type: "reasoning", text: reasoning });
    if (typeof content === "string") {
      if (content !== "") events.push({ type: "text", text: content });
    } else if (Array.isArray(content)) {
      events.push(...content.flatMap(partEvents));
    }
    return this.#said(events);
  }

  #said(events: readonly ContentEvent[]): readonly ContentEvent[] {
    for (const event of events) {
      if (event.type === "reasoning") this.#hasReasoning = true;
      else if (!this.#hasText) this.#hasText = /\S/.test(event.text);
    }
    return events;
  }

  /** What says nothing but a text tells what the next ones look like. */
  #learn(data: string, { content, role: _, ...rest }: Json): void {
    const isAlone = Object.values(rest).every((other) => other === null);
    if (typeof content === "string" && isAlone) this.#alike.learn(data, content);
  }

  #takeCalls(calls: readonly unknown[]): void {
    for (const call of calls) {
      if (!isRecord(call)) continue;
      const called = recordAt(call, "function") ?? {};
      const given = called["arguments"];
      const index = call["index"];
      this.#calls.add({
        id: stringAt(call, "id"),
        name: stringAt(called, "name"),
        argumentsPiece: isRecord(given) ? JSON.stringify(given) : stringAt(called, "arguments"),
        ...(typeof index === "number" ? { index } : {}),
      });
    }
    if (this.#calls.isTooLarge) {
      throw failureOf(this.#context, "malformed", "the tool calls have no end");
    }
  }
}

/** Mistral's reasoning models send their content in parts. */
function partEvents(part: unknown): readonly ContentEvent[] {
  if (!isRecord(part)) return NO_CONTENT;
  const text = stringAt(part, "text");
  if (text !== "") return [{ type: "text", text }];
  const thinking = part["thinking"];
  if (!Array.isArray(thinking)) return NO_CONTENT;
  const thought = thinking.map((inner) => (isRecord(inner) ? stringAt(inner, "text") : "")).join("");
  return thought === "" ? NO_CONTENT : [{ type: "reasoning", text: thought }];
}
