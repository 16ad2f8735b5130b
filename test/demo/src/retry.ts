/** How often to try, and how long to wait before the first retry. */
export type RetryOptions = { attempts: number; firstDelayMs: number };

/** Runs `task` until it succeeds, doubling the wait after each failure. */
export async function retry<T>(task: () => Promise<T>, options: RetryOptions): Promise<T> {
  let delayMs = options.firstDelayMs;
  for (let attempt = 1; attempt < options.attempts; attempt++) {
    try {
      return await task();
    } catch {
      delayMs = delayMs * 2;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  throw new Error("all attempts failed");
}
