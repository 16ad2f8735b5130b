import type { Cancel, Scheduler } from "../../../src/webview/scheduler.ts";

type Task = {
  readonly id: number;
  readonly atMs: number;
  readonly everyMs?: number;
  readonly run: () => void;
};

/** A clock that moves only when a test advances it, with frames that run only when the test draws them. */
export class FakeScheduler implements Scheduler {
  #nowMs = 0;
  #nextId = 0;
  #tasks: Task[] = [];
  readonly #frames = new Map<number, () => void>();

  /** The time at the start, in milliseconds since the epoch. */
  static readonly startMs: number = Date.UTC(2026, 0, 15, 12);

  now(): number {
    return FakeScheduler.startMs + this.#nowMs;
  }

  elapsedMs(): number {
    return this.#nowMs;
  }

  nextFrame(run: () => void): Cancel {
    const id = this.#nextId++;
    this.#frames.set(id, run);
    return () => this.#frames.delete(id);
  }

  /** In a test the page has nothing else to do in any frame. */
  whenIdle(run: () => void): Cancel {
    return this.nextFrame(run);
  }

  after(ms: number, run: () => void): Cancel {
    return this.#schedule({ atMs: this.#nowMs + ms, run });
  }

  every(ms: number, run: () => void): Cancel {
    return this.#schedule({ atMs: this.#nowMs + ms, everyMs: ms, run });
  }

  get hasFrames(): boolean {
    return this.#frames.size > 0;
  }

  /** Runs the callbacks of one frame. */
  drawFrame(): void {
    const frames = [...this.#frames.values()];
    this.#frames.clear();
    for (const run of frames) run();
  }

  /** Moves the clock and runs the timers that are due, in order. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [due] = this.#tasks.filter((task) => task.atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (due === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      this.#tasks = this.#tasks.filter((task) => task !== due);
      if (due.everyMs !== undefined) this.#tasks.push({ ...due, atMs: due.atMs + due.everyMs });
      due.run();
    }
    this.#nowMs = endMs;
  }

  #schedule(task: Omit<Task, "id">): Cancel {
    const id = this.#nextId++;
    this.#tasks.push({ ...task, id });
    return () => {
      this.#tasks = this.#tasks.filter((each) => each.id !== id);
    };
  }
}
