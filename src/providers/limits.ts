import type { TimeoutPhase } from "../contract/failure.ts";

/**
 * The time limit of the phase that a call is in. One timer for a whole stream: an event only moves the end, and the
 * timer, when it fires too early, is set anew for what is left.
 */
export class PhaseLimit {
  readonly #onPassed: (phase: TimeoutPhase, limitMs: number) => void;
  #phase: TimeoutPhase = "connect";
  #limitMs = 0;
  #endMs = 0;
  #armedUntilMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onPassed told once, with the phase whose limit passed */
  constructor(onPassed: (phase: TimeoutPhase, limitMs: number) => void) {
    this.#onPassed = onPassed;
  }

  get phase(): TimeoutPhase {
    return this.#phase;
  }

  /** A phase begins, with a limit of its own. */
  begin(phase: TimeoutPhase, limitMs: number): void {
    this.#phase = phase;
    this.#limitMs = limitMs;
    this.alive();
  }

  /** The phase goes on under another name, and its limit runs on. */
  rename(phase: TimeoutPhase): void {
    this.#phase = phase;
  }

  /** Something came: the phase's limit starts anew. */
  alive(): void {
    this.#endMs = performance.now() + this.#limitMs;
    if (this.#timer === undefined || this.#endMs < this.#armedUntilMs) this.#arm();
  }

  /** Time does not count until the phase goes on: it is the consumer who is slow. */
  hold(): void {
    this.#endMs = Number.POSITIVE_INFINITY;
  }

  /** No limit from here on. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#armedUntilMs = this.#endMs;
    this.#timer = setTimeout(() => this.#fired(), Math.max(0, Math.ceil(this.#endMs - performance.now())));
  }

  #fired(): void {
    this.#timer = undefined;
    if (this.#endMs === Number.POSITIVE_INFINITY) return;
    if (performance.now() < this.#endMs) this.#arm();
    else this.#onPassed(this.#phase, this.#limitMs);
  }
}
