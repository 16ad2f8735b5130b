import type { Failure } from "../../contract/failure.ts";
import type { ProviderEnd, ProviderSink } from "../../contract/provider/provider.ts";
import { type FailureContext, failureOf } from "../errors/failures.ts";
import type { Redaction } from "../errors/redaction.ts";
import { AnswerBounds } from "./answerBounds.ts";
import { type AnswerReader, type ContentEvent, NO_CONTENT } from "./answerReader.ts";
import { AnswerBody } from "./events/answerBody.ts";
import { EventCoalescer } from "./events/eventCoalescer.ts";
import { type DataPart, mayHoldContent, partsOf } from "./events/eventData.ts";
import type { StreamEvent } from "./events/eventStream.ts";
import type { ToolCallEvent } from "./toolCalls.ts";

/** A model's name is stored, and sent in headers. */
const MAX_NAME_CHARACTERS = 200;

export type AnswerStreamOptions = {
  /** The limit in the request. An answer that is much longer is rejected. */
  readonly maxOutputTokens: number;
  readonly context: FailureContext;
  /** Events have the wire's own text. */
  readonly isRelayed: boolean;
};

export type AnswerStreamHandler = {
  /** An event was read. Called for each, while its content waits for `report`. */
  readonly onRead: () => void;
  /** Content was read. */
  readonly onContent: () => void;
  /** The server is alive, without an event. */
  readonly onComment: () => void;
};

/** Reads the bytes of an answer, and pushes its content into a sink. */
export class AnswerStream {
  readonly reader: AnswerReader;
  readonly #context: FailureContext;
  readonly #sink: ProviderSink;
  readonly #handler: AnswerStreamHandler;
  readonly #body: AnswerBody;
  readonly #coalescer: EventCoalescer;
  readonly #bounds: AnswerBounds;
  #isStopped = false;
  /** The response has ended, so that no more of an event can follow. */
  #isOver = false;
  #toolCallCharacters = 0;
  #skippedEvents = 0;
  /** The model's name that the sink has. */
  #model: string | undefined;

  constructor(
    { maxOutputTokens, context, isRelayed }: AnswerStreamOptions,
    reader: AnswerReader,
    sink: ProviderSink,
    handler: AnswerStreamHandler,
  ) {
    this.reader = reader;
    this.#context = context;
    this.#sink = sink;
    this.#handler = handler;
    this.#bounds = new AnswerBounds(maxOutputTokens);
    this.#body = new AnswerBody({
      onEvent: (event) => this.#onEvent(event),
      onComment: () => {
        if (!this.#isStopped && reader.finish === "none") handler.onComment();
      },
      onUnknownLine: (line) => this.#skip(line),
    });
    this.#coalescer = new EventCoalescer(isRelayed, context.redaction, (event) => {
      if (!this.#isStopped) sink.push(event);
    });
  }

  /** The beginning of a body of JSON; undefined for any other. */
  get openingOfJson(): string | undefined {
    return this.#body.openingOfJson;
  }

  /** Why the stream is longer than any real answer; undefined while it is not. */
  get excess(): string | undefined {
    return this.#bounds.excess;
  }

  /** Why the body cannot be an answer; undefined while it can be one. */
  get problem(): string | undefined {
    return this.#body.problem;
  }

  /** Reads bytes. @throws Failure if they are an error, or a piece of the answer that cannot be read */
  feed(chunk: Buffer): void {
    this.#body.feed(chunk);
  }

  /**
   * Reads what the body still holds. @throws Failure as `feed`
   * @param isOver the response has ended; false if the call no longer waits for it
   */
  end(isOver: boolean): void {
    this.#isOver = isOver;
    this.#body.end();
  }

  /** Pushes the content that was read. @throws what the sink throws */
  report(): void {
    const { model, toolCallCharacters } = this.reader;
    if (model !== undefined && model !== this.#model && !this.#isStopped) {
      this.#model = model;
      this.#sink.model(nameOf(this.#context.redaction.redact(model)));
    }
    this.#coalescer.flush();
    if (this.#isStopped || toolCallCharacters === this.#toolCallCharacters) return;
    this.#handler.onContent();
    this.#sink.toolCallProgress(toolCallCharacters - this.#toolCallCharacters);
    this.#toolCallCharacters = toolCallCharacters;
  }

  /**
   * Pushes what the end of the answer adds, and returns how it ended; undefined if the sink stopped the call meanwhile.
   * Call once. @throws what the sink throws
   */
  complete(): ProviderEnd | { readonly failure: Failure } | undefined {
    const { content = NO_CONTENT, toolCalls, wireFields, usage, outcome } = this.reader.end();
    const calls = toolCalls.map((call) => withoutKey(call, this.#context.redaction));
    for (const event of [...content, ...calls, ...(wireFields === undefined ? [] : [wireFields])]) {
      this.#sink.push(event);
      if (this.#isStopped) return undefined;
    }
    if (usage !== undefined) this.#sink.usage(usage);
    if (this.#isStopped) return undefined;
    return "failure" in outcome || this.#skippedEvents === 0
      ? outcome
      : { ...outcome, skippedEvents: this.#skippedEvents };
  }

  /** Reads and pushes nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  get #ignoresEvents(): boolean {
    return this.#isStopped || this.reader.isDone;
  }

  #onEvent(event: StreamEvent): void {
    if (this.#ignoresEvents) return;
    const content = this.reader.read(event);
    if (content !== undefined) this.#add(event, content);
    else for (const part of partsOf(event.data)) this.#onPart(event, part);
  }

  /** Reads a part of an event whose data is not one object. */
  #onPart(event: StreamEvent, { text, isReadable }: DataPart): void {
    if (this.reader.isDone) return;
    const part = { ...event, data: text };
    const content = isReadable ? this.reader.read(part) : undefined;
    if (content === undefined) this.#skip(text);
    else this.#add(part, content);
  }

  #add(event: StreamEvent, content: readonly ContentEvent[]): void {
    this.#coalescer.add(event, content, this.reader.isRelayable);
    this.#count(event.data.length, content);
  }

  #count(length: number, content: readonly ContentEvent[]): void {
    this.#bounds.count(length, content);
    if (content.length > 0) this.#handler.onContent();
    this.#handler.onRead();
  }

  /** Skips text that cannot be read. @throws Failure if it may be a piece of the answer, which would then lack it */
  #skip(text: string): void {
    if (this.#ignoresEvents) return;
    this.#count(text.length, NO_CONTENT);
    if (!mayHoldContent(text)) {
      this.#skippedEvents += 1;
      return;
    }
    this.reader.withdrawFinish();
    const context = this.#context;
    throw this.#isOver
      ? failureOf(context, "cut", "the stream ended in the middle of an event")
      : failureOf(context, "malformed", "a part of the answer could not be read");
  }
}

/** A name from a response, in printable ASCII. */
function nameOf(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, "?").slice(0, MAX_NAME_CHARACTERS);
}

/** A call whose id and own fields do not contain the key. What the model calls, and with what, is its answer. */
function withoutKey(call: ToolCallEvent, redaction: Redaction): ToolCallEvent {
  const { extra, ...rest } = call;
  const keepsExtra = extra !== undefined && !redaction.isIn(JSON.stringify(extra));
  const id = redaction.isIn(call.id) ? redaction.redact(call.id) : call.id;
  return { ...rest, id, ...(keepsExtra ? { extra } : {}) };
}
