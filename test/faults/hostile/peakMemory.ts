import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** So much garbage is counted as if it were in use: collecting it takes as long as receiving some megabytes. */
const UNCOLLECTED_BYTES = 24 * 1024 * 1024;

let before = 0;
let peak = 0;

/**
 * Runs a function and measures its peak memory: how many bytes more than before were in use at its end, and whenever
 * `measureMemory` was called, or somewhat more. Buffers outside of the heap count too.
 */
export async function peakMemoryOf<T>(
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  before = bytesAfterCollection();
  peak = before;
  const result = await run();
  measureMemory();
  return { result, bytes: peak - before };
}

export function measureMemory(): void {
  const bytes = bytesInUse();
  peak = Math.max(peak, bytes - before > UNCOLLECTED_BYTES ? bytesAfterCollection() : bytes);
}

function bytesAfterCollection(): number {
  if (typeof collect === "function") collect();
  return bytesInUse();
}

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
