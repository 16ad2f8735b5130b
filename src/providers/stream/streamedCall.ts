import { Failure, type TimeoutPhase } from "../../contract/failure.ts";
import type { CallLimits } from "../../contract/provider/ask.ts";
import type { ProviderEnd, ProviderSink } from "../../contract/provider/provider.ts";
import { failureOf, failureOfNetworkError } from "../errors/failures.ts";
import { rateLimitsOf, requestIdOf } from "../http/responseHeaders.ts";
import type {
  HttpExchange,
  HttpHandler,
  HttpRequest,
  HttpTransport,
  ResponseHeaders,
} from "../http/transport/transport.ts";
import type { AnswerReader } from "./answerReader.ts";
import { AnswerStream, type AnswerStreamOptions } from "./answerStream.ts";
import { CallLimit } from "./callLimit.ts";
import { type ErrorBody, errorResponseOf } from "./errorResponse.ts";

/** How long the rest of a complete stream may take before its connection is destroyed, in milliseconds. */
const DRAIN_MS = 500;

/** One call of a model over one wire format. */
export type StreamedCall = AnswerStreamOptions & {
  readonly transport: HttpTransport;
  readonly request: Omit<HttpRequest, "connectMs">;
  readonly limits: CallLimits;
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
  #http: HttpExchange | undefined;
  #answer: AnswerStream | undefined;
  #status: number | undefined;
  #errorBody: ErrorBody | undefined;
  #isSettled = false;
  #isReadScheduled = false;
  #isPaused = false;
  /** Data that was on its way arrived during the pause. */
  #hasReadWhilePaused = false;
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
      this.#answer = this.#answerStream(createReader(requestId));
      this.#guarded(() => this.#sink.started(rateLimitsOf(headers, context.nowMs), requestId));
    }
  }

  onData(chunk: Buffer): void {
    if (this.#isSettled) return;
    if (this.#errorBody === undefined) this.#read((answer) => answer.feed(chunk));
    else {
      this.#errorBody.add(chunk);
      if (this.#errorBody.isFull) this.#rejectWith(this.#errorBody.failure);
    }
  }

  onEnd(): void {
    this.#endHttp();
    if (this.#errorBody !== undefined) this.#rejectWith(this.#errorBody.failure);
    else if (!this.#isSettled) {
      this.#read((answer) => answer.end(true));
      this.#guarded(() => this.#endAnswer());
    }
  }

  onError(error: Error): void {
    this.#endHttp();
    if (this.#errorBody !== undefined) this.#rejectWith(this.#errorBody.failure);
    else this.#break(failureOfNetworkError(this.#call.context, error, this.#answer !== undefined));
  }

  #answerStream(reader: AnswerReader): AnswerStream {
    return new AnswerStream(this.#call, reader, this.#sink, {
      onRead: () => {
        if (this.#isReadScheduled) return;
        // One read of the socket may contain many chunks. Their events are pushed together, after the last one.
        this.#isReadScheduled = true;
        queueMicrotask(this.#afterRead);
      },
      onContent: () => this.#limit.noteContent(),
      onComment: () => this.#limit.renew(reader),
    });
  }

  /** Reads a part of the answer, if it has begun. */
  #read(read: (answer: AnswerStream) => void): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    try {
      read(answer);
    } catch (error) {
      this.#fail(error);
    }
    if (answer.problem !== undefined) this.#failAsMalformed(answer.problem);
  }

  /** The response has ended. */
  #endAnswer(): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    answer.report();
    const { openingOfJson } = answer;
    const { hasBegun, finish } = answer.reader;
    if (openingOfJson === undefined || hasBegun || finish !== "none") this.#complete();
    else this.#failAsMalformed(`the server answered with JSON that is no answer: ${openingOfJson}`);
  }

  #failAsMalformed(message: string): void {
    this.#fail(failureOf(this.#call.context, "malformed", message, { status: this.#status }));
  }

  readonly #afterRead = (): void => {
    this.#isReadScheduled = false;
    const answer = this.#answer;
    if (this.#isSettled || answer === undefined) return;
    this.#guarded(() => {
      answer.report();
      if (this.#isSettled) return;
      const { excess } = answer;
      if (excess !== undefined) this.#fail(failureOf(this.#call.context, "malformed", excess));
      else if (answer.reader.isDone) this.#complete();
      else {
        this.#hasReadWhilePaused ||= this.#isPaused;
        const drained = this.#isPaused ? undefined : this.#sink.drained();
        if (drained !== undefined) this.#pauseUntil(drained);
        this.#limit.renew(answer.reader);
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
        if (this.#isSettled || this.#answer === undefined) return;
        const again = this.#hasReadWhilePaused ? this.#sink.drained() : undefined;
        this.#hasReadWhilePaused = false;
        if (again !== undefined) return this.#pauseUntil(again);
        this.#http?.resume();
        this.#limit.resume(this.#answer.reader);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #complete(): void {
    if (this.#isSettled || this.#answer === undefined) return;
    const outcome = this.#answer.complete();
    if (outcome === undefined) return;
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

  #onLimit(phase: TimeoutPhase, message: string): void {
    const details = this.#http?.isSent === true ? { phase } : ({ phase: "connect", notSent: true } as const);
    if (this.#errorBody !== undefined) this.#rejectWith(this.#errorBody.failure);
    else this.#break(failureOf(this.#call.context, "timeout", message, details));
  }

  /** Ends a call whose connection broke, or stays open. An answer in one piece may be there all the same. */
  #break(failure: Failure): void {
    if (this.#answer?.openingOfJson !== undefined) this.#read((answer) => answer.end(this.#isHttpOver));
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
      if (error instanceof Failure) this.#answer?.report();
      const { finish, isDone } = this.#answer?.reader ?? { finish: "none", isDone: false };
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
    this.#answer?.stop();
    this.#limit.stop();
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
