import type { Clock } from "../../src/base/time/clock.ts";

/** The system clock, except that a sleep ends at once and moves the clock on. It records the length of each sleep. */
export class InstantClock implements Clock {
  readonly #waits: number[] = [];
  #offsetMs = 0;

  readonly now = (): number => Date.now() + this.#offsetMs;

  readonly sleep = async (ms: number): Promise<void> => {
    this.#waits.push(ms);
    this.#offsetMs += ms;
  };

  get waits(): readonly number[] {
    return this.#waits;
  }
}
