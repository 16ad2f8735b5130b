import { setTimeout } from "node:timers/promises";

/** The system clock. `sleep` resolves early, and never rejects, when its signal is aborted. */
export const systemClock = {
  now: (): number => Date.now(),
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await setTimeout(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
} as const;
