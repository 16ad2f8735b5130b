import { setTimeout as delay } from "node:timers/promises";

/** Tries again until `attempt` succeeds; throws its last error when the time is over. */
export async function until<T>(attempt: () => Promise<T>, timeoutMs: number): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await delay(50);
    }
  }
}
