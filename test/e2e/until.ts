import { setTimeout as pause } from "node:timers/promises";

/** Tries again until `attempt` does not throw; what it threw last is thrown when the time is over. */
export async function until<T>(attempt: () => Promise<T>, timeoutMs: number): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await pause(50);
    }
  }
}
