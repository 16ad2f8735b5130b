import type { Clock } from "../../src/base/time/clock.ts";

/** A clock that only a sleep moves on, which ends at once. It records the length of each sleep. */
export class InstantClock implements Clock {
  readonly #waits: number[] = [];
  #nowMs = Date.now();

  readonly now = (): number => this.#nowMs;

  readonly sleep = async (ms: number): Promise<void> => {
    this.#waits.push(ms);
    this.#nowMs += ms;
  };

  get waits(): readonly number[] {
    return this.#waits;
  }
}
