import { median } from "../base/median.ts";
import type { Latency, LatencySample } from "../contract/health.ts";

/** Medians cover this many answers: enough to be steady, few enough to follow a change within an afternoon. */
const SAMPLES = 20;

const latencies = new WeakMap<readonly LatencySample[], Latency>();

/** Appends newer samples, and keeps the last 20. */
export function withSamples(
  samples: readonly LatencySample[],
  newer: readonly LatencySample[],
): readonly LatencySample[] {
  return [...samples, ...newer].slice(-SAMPLES);
}

/** The medians of a list of samples, computed once per list; undefined for an empty one. */
export function latencyOf(samples: readonly LatencySample[]): Latency | undefined {
  const known = latencies.get(samples);
  if (known !== undefined) return known;
  const firstTokenMs = median(samples.map((sample) => sample.firstTokenMs));
  const tokensPerSecond = median(samples.map((sample) => sample.tokensPerSecond));
  if (firstTokenMs === undefined || tokensPerSecond === undefined) return undefined;
  const latency = { firstTokenMs, tokensPerSecond, samples: samples.length };
  latencies.set(samples, latency);
  return latency;
}
