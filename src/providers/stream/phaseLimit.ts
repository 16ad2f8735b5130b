import type { TimeoutPhase } from "../../contract/failure.ts";

/**
 * The time limit of the phase that a call is in. An event of a stream restarts the same timer. An expired limit still
 * waits for one turn of the event loop: after a pause of the whole process, data that has arrived counts first.
 */
export class PhaseLimit {
  readonly #onExpired: (phase: TimeoutPhase, limitMs: number) => void;
  #phase: TimeoutPhase = "connect";
  #limitMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes whenever the limit restarts or ends. */
  #round = 0;

  /** @param onExpired called with the phase whose limit expired */
  constructor(onExpired: (phase: TimeoutPhase, limitMs: number) => void) {
    this.#onExpired = onExpired;
  }

  /** Begins a phase with its own limit. */
  begin(phase: TimeoutPhase, limitMs: number): void {
    this.#phase = phase;
    if (this.#timer !== undefined && limitMs === this.#limitMs) {
      this.#round += 1;
      this.#timer.refresh();
      return;
    }
    this.stop();
    this.#limitMs = limitMs;
    this.#timer = setTimeout(() => this.#expireSoon(), limitMs);
  }

  /** Changes the phase's name; its limit continues. */
  rename(phase: TimeoutPhase): void {
    this.#phase = phase;
  }

  /** Ends the limit until `begin`. */
  stop(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expireSoon(): void {
    const expired = this.#round;
    setImmediate(() => {
      if (this.#round !== expired) return;
      this.#timer = undefined;
      this.#onExpired(this.#phase, this.#limitMs);
    });
  }
}
