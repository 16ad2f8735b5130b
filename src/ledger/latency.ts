import { median } from "../base/median.ts";
import type { Latency } from "../contract/health.ts";

/** How one answer went. */
export type Sample = { readonly firstTokenMs: number; readonly tokensPerSecond: number };

/** So many answers are looked back on: enough for a steady median, few enough to follow a bad afternoon. */
const REMEMBERED = 20;

/** The last samples with the newer ones. */
export function withSamples(samples: readonly Sample[], newer: readonly Sample[]): readonly Sample[] {
  return [...samples, ...newer].slice(-REMEMBERED);
}

/** The medians of the last samples; undefined where there are none. */
export function latencyOf(samples: readonly Sample[]): Latency | undefined {
  const firstTokenMs = median(samples.map((sample) => sample.firstTokenMs));
  const tokensPerSecond = median(samples.map((sample) => sample.tokensPerSecond));
  if (firstTokenMs === undefined || tokensPerSecond === undefined) return undefined;
  return { firstTokenMs, tokensPerSecond, samples: samples.length };
}
