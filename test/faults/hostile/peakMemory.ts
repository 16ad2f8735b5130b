import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

let peak = 0;

/**
 * Runs a function and measures its peak memory: how many bytes more than before were in use at its end, and whenever
 * `measureMemory` was called. Buffers outside of the heap count too.
 */
export async function peakMemoryOf<T>(
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  const before = bytesInUse();
  peak = before;
  const result = await run();
  measureMemory();
  return { result, bytes: peak - before };
}

/** Measures what is in use after a garbage collection. */
export function measureMemory(): void {
  peak = Math.max(peak, bytesInUse());
}

function bytesInUse(): number {
  if (typeof collect === "function") collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
