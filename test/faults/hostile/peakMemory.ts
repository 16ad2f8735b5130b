import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");
const EVERY_MS = 300;

/**
 * Runs a function and measures its peak memory: how many bytes more than before were in use, three times a second, each time
 * after a garbage collection. Buffers outside of the heap count too.
 */
export async function peakMemoryOf<T>(
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  const before = bytesInUse();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, bytesInUse());
  }, EVERY_MS);
  try {
    const result = await run();
    return { result, bytes: Math.max(peak, bytesInUse()) - before };
  } finally {
    clearInterval(timer);
  }
}

function bytesInUse(): number {
  if (typeof collect === "function") collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
