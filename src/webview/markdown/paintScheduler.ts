import type { Scheduler } from "../scheduler.ts";

/** The pause after a paint, as a multiple of its duration: it leaves the main thread free for scrolling and typing. */
const PAUSE_FACTOR = 3;
/** The longest pause, in milliseconds: what has arrived is shown within about this time. */
const MAX_PAUSE_MS = 500;

/** Paints at most once per frame, and less often when a paint takes long. */
export class PaintScheduler {
  readonly #paint: () => void;
  readonly #scheduler: Scheduler;
  #cancel: (() => void) | undefined;
  #notBeforeMs = 0;

  constructor(scheduler: Scheduler, paint: () => void) {
    this.#scheduler = scheduler;
    this.#paint = paint;
  }

  /** Schedules a paint, unless one is scheduled already. */
  request(): void {
    if (this.#cancel !== undefined) return;
    const waitMs = this.#notBeforeMs - this.#scheduler.elapsedMs();
    if (waitMs > 0) this.#cancel = this.#scheduler.after(waitMs, () => this.#inNextFrame());
    else this.#inNextFrame();
  }

  /** Drops the scheduled paint. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #inNextFrame(): void {
    this.#cancel = this.#scheduler.nextFrame(() => {
      this.#cancel = undefined;
      const startMs = this.#scheduler.elapsedMs();
      this.#paint();
      const endMs = this.#scheduler.elapsedMs();
      this.#notBeforeMs = endMs + Math.min(MAX_PAUSE_MS, PAUSE_FACTOR * (endMs - startMs));
    });
  }
}
