import type { TimeoutPhase } from "../../contract/failure.ts";

/**
 * The time limit of the phase that a call is in. One timer serves a whole stream: an event only moves the deadline, and
 * a timer that fires before the deadline is armed again for the rest.
 */
export class PhaseLimit {
  readonly #onExpired: (phase: TimeoutPhase, limitMs: number) => void;
  #phase: TimeoutPhase = "connect";
  #limitMs = 0;
  #deadlineMs = 0;
  #armedUntilMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onExpired called once, with the phase whose limit expired */
  constructor(onExpired: (phase: TimeoutPhase, limitMs: number) => void) {
    this.#onExpired = onExpired;
  }

  /** Begins a phase with its own limit. */
  begin(phase: TimeoutPhase, limitMs: number): void {
    this.#phase = phase;
    this.#limitMs = limitMs;
    this.restart();
  }

  /** Changes the phase's name; its limit continues. */
  rename(phase: TimeoutPhase): void {
    this.#phase = phase;
  }

  /** Restarts the phase's limit. */
  restart(): void {
    this.#deadlineMs = performance.now() + this.#limitMs;
    if (this.#timer === undefined || this.#deadlineMs < this.#armedUntilMs) this.#arm();
  }

  /** Suspends the limit until `begin` or `restart`: the consumer is slow, not the provider. */
  suspend(): void {
    this.#deadlineMs = Number.POSITIVE_INFINITY;
  }

  /** Ends all limits. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#armedUntilMs = this.#deadlineMs;
    const delayMs = Math.max(0, Math.ceil(this.#deadlineMs - performance.now()));
    this.#timer = setTimeout(() => this.#onTimer(), delayMs);
  }

  #onTimer(): void {
    this.#timer = undefined;
    if (this.#deadlineMs === Number.POSITIVE_INFINITY) return;
    if (performance.now() < this.#deadlineMs) this.#arm();
    else this.#onExpired(this.#phase, this.#limitMs);
  }
}
