import type { Clock } from "../../src/contract/clock.ts";

/** The machine's clock, but that who sleeps wakes at once, that much later. It remembers how long everybody slept. */
export class WaitlessClock implements Clock {
  readonly #waits: number[] = [];
  #aheadMs = 0;

  readonly now = (): number => Date.now() + this.#aheadMs;

  readonly sleep = async (ms: number): Promise<void> => {
    this.#waits.push(ms);
    this.#aheadMs += ms;
  };

  get waits(): readonly number[] {
    return this.#waits;
  }
}
