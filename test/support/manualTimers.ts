import type { StartTimer } from "../../src/base/time/timer.ts";

/** For tests: timers that fire when the test says so. */
export class ManualTimers {
  readonly #callbacks = new Set<() => void>();

  readonly start: StartTimer = (callback) => {
    const own = () => callback();
    this.#callbacks.add(own);
    return () => this.#callbacks.delete(own);
  };

  get running(): number {
    return this.#callbacks.size;
  }

  /** Fires every timer that is running. */
  fire(): void {
    const due = [...this.#callbacks];
    this.#callbacks.clear();
    for (const callback of due) callback();
  }
}
