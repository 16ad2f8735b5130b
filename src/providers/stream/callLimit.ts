import type { TimeoutPhase } from "../../contract/failure.ts";
import type { CallLimits } from "../../contract/provider/ask.ts";
import type { AnswerReader } from "./answerReader.ts";
import { PhaseLimit } from "./phaseLimit.ts";

/**
 * How long a call waits after a clear finish reason, in milliseconds: for the usage, which some servers compute only
 * then, and, if it has that, for the announcement of the end.
 */
const USAGE_GRACE_MS = 5000;
const END_GRACE_MS = 1000;

/**
 * How long a stream may consist of comments and events without content once it has begun: a server may take minutes for
 * a tool call that it does not stream.
 */
const MAX_QUIET_MS = 300_000;

/** How long the body of an error may take, in milliseconds. */
const ERROR_BODY_MS = 2000;

/** The time limit of a call, through its phases. */
export class CallLimit {
  readonly #limits: CallLimits;
  readonly #phase: PhaseLimit;
  /** When the request was sent, and when the last content was read: times of `performance.now()`. */
  #startedMs = 0;
  #contentMs = 0;
  #hasNewContent = false;
  /** The limit of the wait after a finish reason that has begun. */
  #graceMs: number | undefined;
  #isPaused = false;
  /** How long there will have been no content when the limit expires; undefined if nothing else will have arrived either. */
  #quietMs: number | undefined;

  /** @param onExpired called with the phase whose limit expired, and what did not arrive */
  constructor(limits: CallLimits, onExpired: (phase: TimeoutPhase, message: string) => void) {
    this.#limits = limits;
    this.#phase = new PhaseLimit((phase, limitMs) => {
      const quietMs = this.#quietMs;
      onExpired(
        phase,
        quietMs === undefined ? `nothing arrived for ${limitMs} ms` : `no content arrived for ${quietMs} ms`,
      );
    });
  }

  /** The request is sent. */
  start(): void {
    this.#startedMs = performance.now();
    this.#phase.begin("headers", this.#limits.firstTokenMs);
  }

  /** The headers of an answer have arrived. The limit for its first token counts from the request. */
  readAnswer(): void {
    this.#phase.rename("first-token");
  }

  /** The headers of an error have arrived. */
  readErrorBody(): void {
    this.#phase.begin("first-token", ERROR_BODY_MS);
  }

  /** Content has arrived since the limit was last renewed. */
  noteContent(): void {
    this.#hasNewContent = true;
  }

  /** Begins the limit again, because the server is alive. A stream without content is bounded all the same. */
  renew({ finish, hasBegun, hasUsage }: AnswerReader): void {
    if (this.#isPaused) return;
    const { firstTokenMs, thinkingMs, idleMs } = this.#limits;
    if (finish !== "none") {
      const graceMs = finish !== "clear" ? idleMs : hasUsage ? END_GRACE_MS : USAGE_GRACE_MS;
      // Events without content, which some servers send for as long as the connection is open, do not extend it.
      if (graceMs === this.#graceMs && !this.#hasNewContent) return;
      this.#graceMs = graceMs;
      this.#hasNewContent = false;
      this.#quietMs = undefined;
      this.#phase.begin("idle", graceMs);
      return;
    }
    this.#graceMs = undefined;
    const nowMs = performance.now();
    if (this.#hasNewContent) this.#contentMs = nowMs;
    this.#hasNewContent = false;
    const passedMs = nowMs - (hasBegun ? this.#contentMs : this.#startedMs);
    const boundMs = hasBegun ? MAX_QUIET_MS : thinkingMs;
    const limitMs = hasBegun ? idleMs : Math.max(idleMs, firstTokenMs - passedMs);
    const leftMs = Math.max(1, boundMs - passedMs);
    this.#quietMs = leftMs < limitMs ? boundMs : undefined;
    this.#phase.begin(hasBegun ? "idle" : "first-token", Math.min(limitMs, leftMs));
  }

  /** Nothing is read, because the consumer has no room. */
  pause(): void {
    this.#isPaused = true;
    this.#phase.stop();
  }

  /** The time of the pause does not count. */
  resume(reader: AnswerReader): void {
    this.#isPaused = false;
    this.#hasNewContent = true;
    this.renew(reader);
  }

  stop(): void {
    this.#phase.stop();
  }
}
