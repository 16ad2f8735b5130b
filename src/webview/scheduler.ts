/** Stops a scheduled callback; without effect once it has run. */
export type Cancel = () => void;

/** Time as the view uses it. The view reads no other clock, so tests can run it on a clock of their own. */
export type Scheduler = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since an arbitrary start, precise and never adjusted: for measuring. */
  elapsedMs(): number;
  /** Runs a callback before the next frame is drawn. */
  nextFrame(run: () => void): Cancel;
  /** Runs a callback when the page has nothing else to do. */
  whenIdle(run: () => void): Cancel;
  after(ms: number, run: () => void): Cancel;
  every(ms: number, run: () => void): Cancel;
};

/** The browser's clock, frames and timers. */
export const browserScheduler: Scheduler = {
  now: () => Date.now(),
  elapsedMs: () => performance.now(),
  nextFrame: (run) => {
    const frame = requestAnimationFrame(run);
    return () => cancelAnimationFrame(frame);
  },
  whenIdle: (run) => {
    const idle = requestIdleCallback(run);
    return () => cancelIdleCallback(idle);
  },
  after: (ms, run) => {
    const timer = window.setTimeout(run, ms);
    return () => window.clearTimeout(timer);
  },
  every: (ms, run) => {
    const timer = window.setInterval(run, ms);
    return () => window.clearInterval(timer);
  },
};
