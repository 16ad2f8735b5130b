import type { CallLimits } from "../../contract/ask.ts";
import { Failure, type TimeoutPhase } from "../../contract/failure.ts";
import type { ProviderEnd, ProviderSink } from "../../contract/provider.ts";
import { type FailureContext, failureOf, failureOfNetworkError } from "../errors/failures.ts";
import type { Redaction } from "../errors/redaction.ts";
import { rateLimitsOf, requestIdOf } from "../http/responseHeaders.ts";
import type {
  HttpExchange,
  HttpHandler,
  HttpRequest,
  HttpTransport,
  ResponseHeaders,
} from "../http/transport/transport.ts";
import { AnswerBounds } from "./answerBounds.ts";
import { type AnswerReader, type ContentEvent, NO_CONTENT } from "./answerReader.ts";
import { CallLimit } from "./callLimit.ts";
import { type ErrorBody, errorResponseOf } from "./errorResponse.ts";
import { AnswerBody } from "./events/answerBody.ts";
import { EventCoalescer } from "./events/eventCoalescer.ts";
import { type DataPart, mayHoldContent, partsOf } from "./events/eventData.ts";
import type { StreamEvent } from "./events/eventStream.ts";
import type { ToolCallEvent } from "./toolCalls.ts";

/** How long the rest of a complete stream may take before its connection is destroyed, in milliseconds. */
const DRAIN_MS = 500;

/** A model's name is stored, and sent in headers. */
const MAX_NAME_CHARACTERS = 200;

/** One call of a model over one wire format. */
export type StreamedCall = {
  readonly transport: HttpTransport;
  readonly request: Omit<HttpRequest, "connectMs">;
  readonly limits: CallLimits;
  /** The limit in the request. An answer that is much longer is rejected. */
  readonly maxOutputTokens: number;
  readonly context: FailureContext;
  /** Events have the wire's own text. */
  readonly isRelayed: boolean;
  readonly createReader: (requestId: string | undefined) => AnswerReader;
};

/**
 * Sends a request and pushes its streamed answer into `sink`. Resolves when the stream has ended or its end is announced;
 * or when nothing follows the finish reason for a while, which depends on how clear it is. Errors after the finish reason
 * are then ignored.
 * @throws Failure, and what the sink throws
 */
export function runStreamedCall(
  call: StreamedCall,
  sink: ProviderSink,
  signal: AbortSignal,
): Promise<ProviderEnd> {
  return new Promise((resolve, reject) => new Exchange(call, sink, signal, resolve, reject).start());
}

/**
 * The call as a state machine: headers, then events or the body of an error, then settled; the rest of a complete
 * stream is drained afterwards. Everything in one network read is handled synchronously, and its content is pushed at
 * the end of the read.
 */
class Exchange implements HttpHandler {
  readonly #call: StreamedCall;
  readonly #sink: ProviderSink;
  readonly #signal: AbortSignal;
  readonly #resolve: (end: ProviderEnd) => void;
  readonly #reject: (error: unknown) => void;
  readonly #limit: CallLimit;
  readonly #body = new AnswerBody({
    onEvent: (event) => this.#onEvent(event),
    onComment: () => this.#onComment(),
    onUnknownLine: (line) => this.#skip(line),
  });
  readonly #coalescer: EventCoalescer;
  readonly #bounds: AnswerBounds;
  #http: HttpExchange | undefined;
  #reader: AnswerReader | undefined;
  #status: number | undefined;
  #errorBody: ErrorBody | undefined;
  #isSettled = false;
  #isReadScheduled = false;
  #isPaused = false;
  /** Data that was on its way arrived during the pause. */
  #hasReadWhilePaused = false;
  #toolCallCharacters = 0;
  #skippedEvents = 0;
  /** The model's name that the sink has. */
  #model: string | undefined;
  /** The response has ended, or its connection is destroyed. */
  #isHttpOver = false;
  #drainTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    call: StreamedCall,
    sink: ProviderSink,
    signal: AbortSignal,
    resolve: (end: ProviderEnd) => void,
    reject: (error: unknown) => void,
  ) {
    this.#call = call;
    this.#sink = sink;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#limit = new CallLimit(call.limits, (phase, message) => this.#onLimit(phase, message));
    this.#bounds = new AnswerBounds(call.maxOutputTokens);
    this.#coalescer = new EventCoalescer(call.isRelayed, call.context.redaction, (event) => {
      if (!this.#isSettled) sink.push(event);
    });
  }

  start(): void {
    const { transport, request, limits } = this.#call;
    if (this.#signal.aborted) {
      this.#onAbort();
      return;
    }
    this.#signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#limit.start();
    this.#http = transport.send({ ...request, connectMs: limits.connectMs }, this);
  }

  onHeaders(status: number, headers: ResponseHeaders): void {
    const { context, createReader } = this.#call;
    this.#status = status;
    const error = errorResponseOf(context, status, headers);
    if (error instanceof Failure) this.#fail(error);
    else if (error !== undefined) {
      this.#errorBody = error;
      this.#limit.readErrorBody();
    } else {
      const sentId = requestIdOf(headers);
      const requestId = sentId === undefined ? undefined : context.redaction.redact(sentId);
      this.#limit.readAnswer();
      this.#reader = createReader(requestId);
      this.#guarded(() => this.#sink.started(rateLimitsOf(headers, context.nowMs), requestId));
    }
  }

  onData(chunk: Buffer): void {
    if (this.#isSettled) return;
    if (this.#errorBody === undefined) this.#parse(chunk);
    else {
      this.#errorBody.add(chunk);
      if (this.#errorBody.isFull) this.#rejectWith(this.#errorBody.failure);
    }
  }

  onEnd(): void {
    this.#endHttp();
    if (this.#errorBody !== undefined) this.#rejectWith(this.#errorBody.failure);
    else if (!this.#isSettled) {
      this.#parse(undefined);
      this.#guarded(() => {
        this.#report();
        const { openingOfJson } = this.#body;
        const { hasBegun, finish } = this.#reader ?? { hasBegun: false, finish: "none" };
        if (openingOfJson === undefined || hasBegun || finish !== "none") this.#complete();
        else {
          const message = `the server answered with JSON that is no answer: ${openingOfJson}`;
          this.#fail(failureOf(this.#call.context, "malformed", message, { status: this.#status }));
        }
      });
    }
  }

  onError(error: Error): void {
    this.#endHttp();
    if (this.#errorBody !== undefined) this.#rejectWith(this.#errorBody.failure);
    else this.#break(failureOfNetworkError(this.#call.context, error, this.#reader !== undefined));
  }

  /** @param chunk undefined at the end of the stream */
  #parse(chunk: Buffer | undefined): void {
    try {
      if (chunk === undefined) this.#body.end();
      else this.#body.feed(chunk);
    } catch (error) {
      this.#fail(error);
    }
    const { problem } = this.#body;
    if (problem !== undefined) {
      this.#fail(failureOf(this.#call.context, "malformed", problem, { status: this.#status }));
    }
  }

  #onEvent(event: StreamEvent): void {
    const reader = this.#reader;
    if (this.#isSettled || reader === undefined || reader.isDone) return;
    const content = reader.read(event);
    if (content !== undefined) this.#add(event, content, reader);
    else for (const part of partsOf(event.data)) this.#onPart(event, part, reader);
  }

  /** Reads a part of an event whose data is not one object. */
  #onPart(event: StreamEvent, { text, isReadable }: DataPart, reader: AnswerReader): void {
    if (reader.isDone) return;
    const part = { ...event, data: text };
    const content = isReadable ? reader.read(part) : undefined;
    if (content === undefined) this.#skip(text);
    else this.#add(part, content, reader);
  }

  #add(event: StreamEvent, content: readonly ContentEvent[], reader: AnswerReader): void {
    this.#coalescer.add(event, content, reader.isRelayable);
    this.#count(event.data.length, content);
  }

  #count(length: number, content: readonly ContentEvent[]): void {
    this.#bounds.count(length, content);
    if (content.length > 0) this.#limit.noteContent();
    if (this.#isReadScheduled) return;
    // One read of the socket may contain many chunks. Their events are pushed together, after the last one.
    this.#isReadScheduled = true;
    queueMicrotask(this.#afterRead);
  }

  /** Skips text that cannot be read. @throws Failure if it may be a piece of the answer, which would then lack it */
  #skip(text: string): void {
    const reader = this.#reader;
    if (this.#isSettled || reader === undefined || reader.isDone) return;
    this.#count(text.length, NO_CONTENT);
    if (!mayHoldContent(text)) {
      this.#skippedEvents += 1;
      return;
    }
    reader.withdrawFinish();
    const { context } = this.#call;
    throw this.#isHttpOver
      ? failureOf(context, "cut", "the stream ended in the middle of an event")
      : failureOf(context, "malformed", "a part of the answer could not be read");
  }

  readonly #afterRead = (): void => {
    this.#isReadScheduled = false;
    const reader = this.#reader;
    if (this.#isSettled || reader === undefined) return;
    this.#guarded(() => {
      this.#report();
      if (this.#isSettled) return;
      const { excess } = this.#bounds;
      if (excess !== undefined) this.#fail(failureOf(this.#call.context, "malformed", excess));
      else if (reader.isDone) this.#complete();
      else {
        this.#hasReadWhilePaused ||= this.#isPaused;
        const drained = this.#isPaused ? undefined : this.#sink.drained();
        if (drained !== undefined) this.#pauseUntil(drained);
        this.#limit.renew(reader);
      }
    });
  };

  #pauseUntil(drained: Promise<void>): void {
    this.#isPaused = true;
    this.#limit.pause();
    this.#http?.pause();
    void drained.then(
      () => {
        this.#isPaused = false;
        if (this.#isSettled || this.#reader === undefined) return;
        const again = this.#hasReadWhilePaused ? this.#sink.drained() : undefined;
        this.#hasReadWhilePaused = false;
        if (again !== undefined) return this.#pauseUntil(again);
        this.#http?.resume();
        this.#limit.resume(this.#reader);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #onComment(): void {
    if (!this.#isSettled && this.#reader?.finish === "none") this.#limit.renew(this.#reader);
  }

  /** Pushes the content that was read. */
  #report(): void {
    const model = this.#reader?.model;
    if (model !== undefined && model !== this.#model && !this.#isSettled) {
      this.#model = model;
      this.#sink.model(nameOf(this.#call.context.redaction.redact(model)));
    }
    this.#coalescer.flush();
    const characters = this.#reader?.toolCallCharacters ?? 0;
    if (this.#isSettled || characters === this.#toolCallCharacters) return;
    this.#limit.noteContent();
    this.#sink.toolCallProgress(characters - this.#toolCallCharacters);
    this.#toolCallCharacters = characters;
  }

  #complete(): void {
    if (this.#isSettled || this.#reader === undefined) return;
    const { content = NO_CONTENT, toolCalls, wireFields, usage, outcome } = this.#reader.end();
    const calls = toolCalls.map((call) => withoutKey(call, this.#call.context.redaction));
    for (const event of [...content, ...calls, ...(wireFields === undefined ? [] : [wireFields])]) {
      this.#sink.push(event);
      if (this.#isSettled) return;
    }
    if (usage !== undefined) this.#sink.usage(usage);
    if (this.#isSettled) return;
    this.#settle();
    if ("failure" in outcome) this.#reject(outcome.failure);
    else
      this.#resolve(this.#skippedEvents === 0 ? outcome : { ...outcome, skippedEvents: this.#skippedEvents });
    this.#drain();
  }

  /** Discards the rest of the stream, so that its connection can be used again. */
  #drain(): void {
    if (this.#isHttpOver) return;
    this.#drainTimer = setTimeout(() => this.#abortHttp(), DRAIN_MS);
    if (this.#isPaused) this.#http?.resume();
  }

  #abortHttp(): void {
    this.#endHttp();
    this.#http?.abort();
  }

  #endHttp(): void {
    this.#isHttpOver = true;
    clearTimeout(this.#drainTimer);
  }

  #onLimit(phase: TimeoutPhase, message: string): void {
    const details = this.#http?.isSent === true ? { phase } : ({ phase: "connect", notSent: true } as const);
    if (this.#errorBody !== undefined) this.#rejectWith(this.#errorBody.failure);
    else this.#break(failureOf(this.#call.context, "timeout", message, details));
  }

  /** Ends a call whose connection broke, or stays open. An answer in one piece may be there all the same. */
  #break(failure: Failure): void {
    if (this.#body.openingOfJson !== undefined) this.#parse(undefined);
    this.#fail(failure);
  }

  readonly #onAbort = (): void => {
    const notSent = this.#http?.isSent === true ? undefined : true;
    this.#rejectWith(failureOf(this.#call.context, "cancelled", "stopped", { notSent }));
  };

  /** Runs code that calls the sink, whose errors end the call. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Pushes what was read before the error and ends the call. After the announced end or a finish reason the answer is
   * complete anyway, unless the server may send finish reasons too early.
   */
  #fail(error: unknown): void {
    if (this.#isSettled) return;
    try {
      if (error instanceof Failure) this.#report();
      const { finish, isDone } = this.#reader ?? { finish: "none", isDone: false };
      const isComplete = isDone || finish === "clear" || finish === "likely";
      if (error instanceof Failure && isComplete) this.#complete();
    } catch (sinkError) {
      this.#rejectWith(sinkError);
    }
    if (this.#isSettled) this.#abortHttp();
    else this.#rejectWith(error);
  }

  #rejectWith(error: unknown): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#abortHttp();
    this.#reject(error);
  }

  #settle(): void {
    // The call ends within a read: its consumer may hold what the read brought.
    if (!this.#isSettled && !this.#signal.aborted) void this.#sink.drained();
    this.#isSettled = true;
    this.#limit.stop();
    this.#signal.removeEventListener("abort", this.#onAbort);
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
