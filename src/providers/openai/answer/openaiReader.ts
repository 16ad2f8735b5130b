import { isRecord } from "../../../base/isRecord.ts";
import type { Failure, FailureKind } from "../../../contract/failure.ts";
import type { FinishReason } from "../../../contract/provider/provider.ts";
import {
  type FailureContext,
  failureOf,
  failureOfErrorBody,
  failureOfErrorEvent,
} from "../../errors/failures.ts";
import { type Json, parseRecord, recordAt, stringAt } from "../../json.ts";
import {
  type AnswerEnd,
  type AnswerReader,
  type ContentEvent,
  emptyAnswerMessage,
  type Finish,
  FinishReasons,
  type FinishState,
  NO_CONTENT,
} from "../../stream/answerReader.ts";
import type { StreamEvent } from "../../stream/events/eventStream.ts";
import { ThinkTags } from "../../stream/thinkTags.ts";
import { ToolCallAssembler } from "../../stream/toolCalls.ts";
import { joinedUsage, openaiUsage } from "../../stream/usage.ts";
import { AnswerFields, type KeptFields } from "./answerFields.ts";
import { ChunkTemplateCache } from "./chunkTemplateCache.ts";
import { contentOf, toolCallsOf } from "./deltaContent.ts";

/**
 * Finish reasons, in lower case: OpenAI's, and those that Google, Mistral, DeepSeek and OpenRouter use instead. Any
 * other counts as `stop`: a self-hosted server may report its own stop token.
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

/** More than a failure's message keeps. */
const MAX_REFUSAL_CHARACTERS = 10_000;

/** Reads the stream of a chat completion. */
export class OpenaiReader implements AnswerReader {
  model: string | undefined;
  hasUsage = false;
  isDone = false;
  isRelayable = false;

  readonly #context: FailureContext;
  readonly #requestId: string | undefined;
  readonly #calls = new ToolCallAssembler();
  readonly #thinkTags = new ThinkTags();
  readonly #templates: ChunkTemplateCache;
  readonly #reasons = new FinishReasons();
  readonly #keeps: KeptFields;
  readonly #fields = new AnswerFields();
  #usage: Json | undefined;
  #serviceTier: string | undefined;
  /** No content followed the usage. */
  #isUsageLatest = false;
  /** The content is in a `message`, as in an answer in one piece. */
  #isWhole = false;
  #refusal = "";
  #hasText = false;
  /** Pieces of text and reasoning so far. */
  #pieces = 0;

  constructor(
    context: FailureContext,
    requestId: string | undefined,
    keeps: KeptFields = "none",
    templates: ChunkTemplateCache = new ChunkTemplateCache(),
  ) {
    this.#context = context;
    this.#requestId = requestId;
    this.#keeps = keeps;
    this.#templates = templates;
  }

  get toolCallCharacters(): number {
    return this.#calls.argumentCharacters;
  }

  get hasBegun(): boolean {
    return this.#pieces > 0 || !this.#calls.isEmpty;
  }

  get finish(): FinishState {
    return this.#reasons.state;
  }

  read({ event, data, isBody = false }: StreamEvent): readonly ContentEvent[] | undefined {
    this.isRelayable = false;
    if (data === "[DONE]") {
      this.isDone = true;
      return NO_CONTENT;
    }
    const known = event === undefined ? this.#templates.textOf(data) : undefined;
    if (known !== undefined) {
      this.isRelayable = true;
      if (known === "") return NO_CONTENT;
      return this.#noted([{ type: "text", text: known }]);
    }
    const chunk = parseRecord(data);
    if (chunk === undefined) return undefined;
    // Some servers send an empty error with every chunk.
    const error = chunk["error"] || (event === "error" ? chunk : undefined);
    if (error !== undefined) {
      const read = isBody && !this.hasBegun ? failureOfErrorBody : failureOfErrorEvent;
      throw read(this.#context, error, this.#requestId);
    }
    this.model = stringAt(chunk, "model") || this.model;
    this.#serviceTier = stringAt(chunk, "service_tier") || this.#serviceTier;
    const choice: unknown = Array.isArray(chunk["choices"]) ? chunk["choices"][0] : undefined;
    const finishReason = isRecord(choice) ? stringAt(choice, "finish_reason") : "";
    const usage = recordAt(chunk, "usage");
    // Azure begins with a chunk without choices, whose id and model are empty.
    this.isRelayable = event === undefined && isRecord(choice) && finishReason === "" && usage === undefined;
    const streamed = isRecord(choice) ? recordAt(choice, "delta") : undefined;
    const whole = isRecord(choice) ? this.#wholeIn(choice, streamed) : undefined;
    if (whole !== undefined) this.isRelayable = false;
    const delta = whole ?? streamed;
    if (delta !== undefined && this.isRelayable) this.#learn(data, delta);
    const before = this.#progress;
    const hadAnswered = this.#hasAnswered;
    const content = delta === undefined ? NO_CONTENT : this.#readDelta(delta);
    const hasContent = this.#progress > before;
    if (hasContent) this.withdrawFinish();
    if (finishReason !== "") {
      const atOnce = hadAnswered ? "likely" : "doubtful";
      const after = this.#hasAnswered ? "clear" : "likely";
      this.#reasons.set(finishReason.toLowerCase(), hasContent ? atOnce : after);
    }
    if (usage !== undefined) {
      this.#usage = joinedUsage(this.#usage, usage);
      this.#isUsageLatest = true;
      // xAI and others report the usage so far with every chunk.
      this.hasUsage = this.#reasons.state !== "none";
    }
    if (isBody && whole !== undefined) this.isDone = true;
    // An event with several pieces has no wire text for each of them.
    if (content.length > 1) this.isRelayable = false;
    if (this.#keeps === "all" || (this.#keeps === "unrelayed" && !this.isRelayable)) {
      this.#fields.add(chunk, isRecord(choice) ? choice : {}, delta ?? {}, data.length);
    }
    return content;
  }

  /**
   * The message of a choice without a delta, or with an empty one: an answer in one piece. After deltas it only repeats them.
   * @throws Failure if another message follows it, which may be the next piece as well as all of the answer
   */
  #wholeIn(choice: Json, delta: Json | undefined): Json | undefined {
    const message = recordAt(choice, "message");
    if (message === undefined || (delta !== undefined && Object.keys(delta).length > 0)) return undefined;
    if (this.#isWhole && stringAt(message, "content") !== "") {
      this.withdrawFinish();
      throw this.#failure("malformed", "the answer consists of several messages");
    }
    if (this.hasBegun) return undefined;
    this.#isWhole = true;
    return message;
  }

  /** Text, a tool call or a refusal has begun. */
  get #hasAnswered(): boolean {
    return this.#hasText || !this.#calls.isEmpty || this.#refusal !== "";
  }

  /** Grows with all content. */
  get #progress(): number {
    return this.#pieces + this.#calls.size + this.#calls.argumentCharacters + this.#refusal.length;
  }

  withdrawFinish(): void {
    this.#reasons.withdraw();
    this.hasUsage = false;
    this.#isUsageLatest = false;
  }

  end(): AnswerEnd {
    const content = this.#see(this.#thinkTags.end(), NO_CONTENT);
    return { ...this.#end(), ...(content.length > 0 ? { content } : {}) };
  }

  #end(): AnswerEnd {
    const { finish, isUnexplained } = this.#reasons.end(FINISH, this.isDone);
    // A count that more text or the finish reason followed is not complete.
    const hasUsage = this.hasUsage || (isUnexplained && this.#isUsageLatest);
    const usage = hasUsage ? openaiUsage(this.#usage, this.#serviceTier) : undefined;
    if (finish === "cut") return { toolCalls: [], usage, outcome: { failure: this.#cut() } };
    if (finish === "refused") return { toolCalls: [], usage, outcome: { failure: this.#refused() } };
    const { calls, problem } = this.#calls.complete(finish === "length");
    if (problem !== undefined) {
      return { toolCalls: [], usage, outcome: { failure: this.#failure("malformed", problem) } };
    }
    const outcome = this.#outcome(finish, calls.length > 0, isUnexplained);
    const wireFields =
      this.#keeps === "none" ? undefined : this.#fields.event(this.#refusal, this.#context.redaction);
    return { toolCalls: calls, wireFields, usage, outcome };
  }

  #outcome(finish: FinishReason, hasToolCalls: boolean, isUnexplained: boolean): AnswerEnd["outcome"] {
    // A refusal that the model wrote itself finishes with "stop". In this format it is a part of the answer.
    const hasRefused = this.#refusal !== "";
    if (hasRefused && this.#keeps === "none") return { failure: this.#refused() };
    if (!this.#hasText && !hasToolCalls && !hasRefused) {
      const details = { requestId: this.#requestId };
      return { failure: failureOf(this.#context, "empty", emptyAnswerMessage(finish), details) };
    }
    // Ollama and Google finish a tool call with "stop".
    const actual = finish === "stop" && hasToolCalls ? "toolCalls" : finish;
    return isUnexplained ? { finish: actual, isUnexplained } : { finish: actual };
  }

  #cut(): Failure {
    const { reason } = this.#reasons.end(FINISH, this.isDone);
    const message =
      reason === undefined ? "the stream ended without a finish reason" : `the stream ended with "${reason}"`;
    return this.#failure("cut", message);
  }

  #refused(): Failure {
    return this.#failure("refused", this.#refusal || "the provider's content filter stopped the answer");
  }

  #failure(kind: FailureKind, message: string): Failure {
    const { reason } = this.#reasons.end(FINISH, this.isDone);
    const details = { requestId: this.#requestId, code: reason };
    return failureOf(this.#context, kind, message, details);
  }

  #readDelta(delta: Json): readonly ContentEvent[] {
    const calls = toolCallsOf(delta);
    if (calls.length > 0) {
      this.isRelayable = false;
      for (const call of calls) this.#calls.add(call);
      if (this.#calls.isTooLarge) {
        throw failureOf(this.#context, "malformed", "the tool calls are too long");
      }
    }
    const refusal = stringAt(delta, "refusal");
    if (refusal !== "") {
      this.isRelayable = false;
      if (this.#refusal.length < MAX_REFUSAL_CHARACTERS) this.#refusal += refusal;
    }
    return this.#noted(contentOf(delta));
  }

  #noted(events: readonly ContentEvent[]): readonly ContentEvent[] {
    if (events.length === 0) return events;
    this.withdrawFinish();
    this.#pieces += events.length;
    const tags = this.#thinkTags;
    const separated = tags.isOver
      ? events
      : events.flatMap((event) => (event.type === "text" ? tags.push(event.text) : event));
    return this.#see(separated, events);
  }

  /** Notes what the content is. @param received the same content with its tags */
  #see(separated: readonly ContentEvent[], received: readonly ContentEvent[]): readonly ContentEvent[] {
    for (const event of separated) {
      if (event.type === "text" && !this.#hasText) this.#hasText = /\S/.test(event.text);
    }
    return this.#keeps === "none" ? separated : received;
  }

  /** Learns the template of the next chunks from one without anything but a text. */
  #learn(data: string, { content, role: _, ...rest }: Json): void {
    const isAlone = Object.values(rest).every((other) => other === null);
    if (typeof content === "string" && isAlone) this.#templates.learn(data, content);
  }
}
