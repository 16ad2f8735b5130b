/** What the painting is paced by; a test brings its own. */
export type Clock = {
  readonly now: () => number;
  readonly nextFrame: (callback: () => void) => void;
  readonly later: (callback: () => void, ms: number) => void;
};

const windowClock: Clock = {
  now: () => performance.now(),
  nextFrame: (callback) => void requestAnimationFrame(callback),
  later: (callback, ms) => void window.setTimeout(callback, ms),
};

/** How many times its own cost a painting rests before the next one: the view stays free to scroll and type in. */
const rest = 3;

/** Paints at most once a frame, and the dearer the painting the less often. */
export class Schedule {
  readonly #paint: () => void;
  readonly #clock: Clock;
  #waiting = false;
  #notBefore = 0;

  constructor(paint: () => void, clock: Clock = windowClock) {
    this.#paint = paint;
    this.#clock = clock;
  }

  /** Asks for a painting, soon. */
  request(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    const wait = this.#notBefore - this.#clock.now();
    const next = () => this.#clock.nextFrame(() => this.#run());
    if (wait > 0) this.#clock.later(next, wait);
    else next();
  }

  /** Paints now: the last time, or the first. */
  flush(): void {
    this.#run();
  }

  #run(): void {
    this.#waiting = false;
    const from = this.#clock.now();
    this.#paint();
    const to = this.#clock.now();
    this.#notBefore = to + rest * (to - from);
  }
}
