import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");
const EVERY_MS = 300;

/**
 * Runs something, and tells how many bytes more than before it were alive at the most: looked at three times a second, each
 * time after all garbage was collected. Buffers outside of the heap are counted too.
 */
export async function liveMemoryOf<T>(
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  const before = alive();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, alive());
  }, EVERY_MS);
  try {
    const result = await run();
    return { result, bytes: Math.max(most, alive()) - before };
  } finally {
    clearInterval(timer);
  }
}

function alive(): number {
  if (typeof collect === "function") collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
