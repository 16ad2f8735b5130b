import type { CallLimits } from "../../contract/ask.ts";
import { Failure, type TimeoutPhase } from "../../contract/failure.ts";
import type { ProviderEnd, ProviderSink } from "../../contract/provider.ts";
import { type FailureContext, failureOf, failureOfNetworkError } from "../errors/failures.ts";
import { rateLimitsOf, requestIdOf } from "../http/responseHeaders.ts";
import type {
  HttpExchange,
  HttpHandler,
  HttpRequest,
  HttpTransport,
  ResponseHeaders,
} from "../http/transport.ts";
import { AnswerBounds } from "./answerBounds.ts";
import type { AnswerReader } from "./answerReader.ts";
import { type ErrorBody, errorResponseOf } from "./errorResponse.ts";
import { EventCoalescer } from "./eventCoalescer.ts";
import { EventStreamParser, MAX_EVENT_CHARACTERS, type StreamEvent } from "./eventStream.ts";
import { PhaseLimit } from "./phaseLimit.ts";

/** How long a call waits for the usage after the finish reason, in milliseconds. */
const USAGE_GRACE_MS = 1000;
/** How long the rest of a complete stream may take before its connection is destroyed, in milliseconds. */
const DRAIN_MS = 500;
/** How long the body of an error may take, in milliseconds. */
const ERROR_BODY_MS = 2000;

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
 * Sends a request and pushes its streamed answer into `sink`. Resolves when the finish reason and one of these has
 * arrived: the usage, the announced end of the stream, or its real end; and at the latest a second after the finish
 * reason. Errors after the finish reason are ignored.
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
  readonly #limit = new PhaseLimit((phase, limitMs) => this.#onLimit(phase, limitMs));
  readonly #parser = new EventStreamParser((event) => this.#onEvent(event));
  readonly #coalescer: EventCoalescer;
  readonly #bounds: AnswerBounds;
  #http: HttpExchange | undefined;
  #reader: AnswerReader | undefined;
  #errorBody: ErrorBody | undefined;
  #isSettled = false;
  #isReadScheduled = false;
  #isPaused = false;
  /** Data that was on its way arrived during the pause. */
  #hasReadWhilePaused = false;
  #isInGrace = false;
  #toolCallCharacters = 0;
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
    this.#limit.begin("headers", limits.firstTokenMs);
    this.#http = transport.send({ ...request, connectMs: limits.connectMs }, this);
  }

  onHeaders(status: number, headers: ResponseHeaders): void {
    const { context, createReader } = this.#call;
    this.#limit.rename("first-token");
    const error = errorResponseOf(context, status, headers);
    if (error instanceof Failure) this.#fail(error);
    else if (error !== undefined) {
      this.#errorBody = error;
      this.#limit.begin("first-token", ERROR_BODY_MS);
    } else {
      const sentId = requestIdOf(headers);
      const requestId = sentId === undefined ? undefined : context.redaction.redact(sentId);
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
        this.#complete();
      });
    }
  }

  onError(error: Error): void {
    this.#endHttp();
    if (this.#errorBody !== undefined) this.#rejectWith(this.#errorBody.failure);
    else this.#fail(failureOfNetworkError(this.#call.context, error, this.#reader !== undefined));
  }

  /** @param chunk undefined at the end of the stream */
  #parse(chunk: Buffer | undefined): void {
    try {
      if (chunk === undefined) this.#parser.end();
      else this.#parser.feed(chunk);
    } catch (error) {
      this.#fail(error);
    }
    if (this.#parser.isTooLarge) {
      const message = `an event of more than ${MAX_EVENT_CHARACTERS} characters`;
      this.#fail(failureOf(this.#call.context, "malformed", message));
    }
  }

  #onEvent(event: StreamEvent): void {
    const reader = this.#reader;
    if (this.#isSettled || reader === undefined || reader.isDone) return;
    const content = reader.read(event);
    if (content === undefined) return;
    this.#bounds.count(event.data.length, content);
    this.#coalescer.add(event, content, reader.isRelayable);
    if (this.#isReadScheduled) return;
    // One read of the socket may contain many chunks. Their events are pushed together, after the last one.
    this.#isReadScheduled = true;
    queueMicrotask(this.#afterRead);
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
      else if (reader.isDone || (reader.hasFinished && reader.hasUsage)) this.#complete();
      else {
        this.#hasReadWhilePaused ||= this.#isPaused;
        const drained = this.#isPaused ? undefined : this.#sink.drained();
        if (drained !== undefined) this.#pauseUntil(drained);
        this.#updateLimit(reader);
      }
    });
  };

  #pauseUntil(drained: Promise<void>): void {
    this.#isPaused = true;
    this.#http?.pause();
    void drained.then(
      () => {
        this.#isPaused = false;
        if (this.#isSettled || this.#reader === undefined) return;
        const again = this.#hasReadWhilePaused ? this.#sink.drained() : undefined;
        this.#hasReadWhilePaused = false;
        if (again !== undefined) return this.#pauseUntil(again);
        this.#http?.resume();
        if (!this.#isInGrace) this.#limit.restart();
        this.#updateLimit(this.#reader);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #updateLimit(reader: AnswerReader): void {
    if (reader.hasFinished) {
      if (!this.#isInGrace) this.#limit.begin("idle", USAGE_GRACE_MS);
      this.#isInGrace = true;
    } else if (this.#isPaused) this.#limit.stop();
    else if (reader.hasBegun) this.#limit.begin("idle", this.#call.limits.idleMs);
  }

  /** Pushes the content that was read. */
  #report(): void {
    this.#coalescer.flush();
    const characters = this.#reader?.toolCallCharacters ?? 0;
    if (this.#isSettled || characters === this.#toolCallCharacters) return;
    this.#sink.toolCallProgress(characters - this.#toolCallCharacters);
    this.#toolCallCharacters = characters;
  }

  #complete(): void {
    if (this.#isSettled || this.#reader === undefined) return;
    const { toolCalls, usage, outcome } = this.#reader.end();
    for (const call of toolCalls) {
      this.#sink.push(call);
      if (this.#isSettled) return;
    }
    if (usage !== undefined) this.#sink.usage(usage);
    if (this.#isSettled) return;
    this.#settle();
    if ("failure" in outcome) this.#reject(outcome.failure);
    else this.#resolve(outcome);
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

  #onLimit(phase: TimeoutPhase, limitMs: number): void {
    const details = this.#http?.isSent === true ? { phase } : ({ phase: "connect", notSent: true } as const);
    if (this.#errorBody !== undefined) this.#rejectWith(this.#errorBody.failure);
    else this.#fail(failureOf(this.#call.context, "timeout", `nothing arrived for ${limitMs} ms`, details));
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
   * Pushes what was read before the error and ends the call. After the finish reason, the answer is complete anyway.
   */
  #fail(error: unknown): void {
    if (this.#isSettled) return;
    try {
      if (error instanceof Failure) this.#report();
      if (error instanceof Failure && this.#reader?.hasFinished === true) this.#complete();
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
