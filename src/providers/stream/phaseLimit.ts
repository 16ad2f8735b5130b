import type { TimeoutPhase } from "../../contract/failure.ts";

/** The time limit of the phase that a call is in. An event of a stream restarts the same timer. */
export class PhaseLimit {
  readonly #onExpired: (phase: TimeoutPhase, limitMs: number) => void;
  #phase: TimeoutPhase = "connect";
  #limitMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onExpired called with the phase whose limit expired */
  constructor(onExpired: (phase: TimeoutPhase, limitMs: number) => void) {
    this.#onExpired = onExpired;
  }

  /** Begins a phase with its own limit. */
  begin(phase: TimeoutPhase, limitMs: number): void {
    this.#phase = phase;
    if (this.#timer !== undefined && limitMs === this.#limitMs) {
      this.#timer.refresh();
      return;
    }
    this.stop();
    this.#limitMs = limitMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onExpired(this.#phase, limitMs);
    }, limitMs);
  }

  /** Changes the phase's name; its limit continues. */
  rename(phase: TimeoutPhase): void {
    this.#phase = phase;
  }

  /** Begins the phase again. */
  restart(): void {
    this.begin(this.#phase, this.#limitMs);
  }

  /** Ends the limit until `begin` or `restart`. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
