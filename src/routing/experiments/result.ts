import type { ExperimentArm } from "../../contract/decision.ts";
import type { ArmCounts, ExperimentCounts, ExperimentMetric, UnitValues } from "../../contract/history.ts";
import {
  type Arms,
  BURN_IN,
  differenceInterval,
  type Interval,
  meanInterval,
  type RunningStats,
  statsOf,
  unitsUntilDecided,
} from "./confidenceSequence.ts";

export type ArmResult = ArmCounts & {
  /** Units with a value of the metric. */
  readonly measured: number;
  /** The mean over those units; undefined if there are none. */
  readonly mean?: number | undefined;
  /** At 95 %, over all looks; undefined before the burn-in. */
  readonly interval?: Interval | undefined;
};

export type ExperimentVerdict =
  /** `missing`: units with a value that each arm still needs before any claim. */
  | { readonly kind: "too-few"; readonly missing: Readonly<Record<ExperimentArm, number>> }
  /** The interval of the difference contains zero. */
  | {
      readonly kind: "undecided";
      /** An estimate of the units still needed if difference and variance stay the same; undefined if there is none. */
      readonly moreUnits?: number | undefined;
    }
  | { readonly kind: "different"; readonly better: ExperimentArm };

/** The result of an experiment so far. It remains valid if it is evaluated after every answer. */
export type ExperimentResult = {
  readonly name: string;
  readonly metric: ExperimentMetric;
  readonly control: ArmResult;
  readonly treatment: ArmResult;
  /** Treatment minus control, in the metric's unit; undefined if an arm has no value. */
  readonly difference?: { readonly mean: number; readonly interval?: Interval | undefined } | undefined;
  readonly verdict: ExperimentVerdict;
};

const METRICS: Readonly<
  Record<ExperimentMetric, { readonly range?: Interval; readonly better: "more" | "less" }>
> = {
  thumbs: { range: { low: 0, high: 1 }, better: "more" },
  kept: { range: { low: 0, high: 1 }, better: "more" },
  costUsd: { better: "less" },
  latencyMs: { better: "less" },
};

/** Compares the arms of an experiment by a metric. */
export function experimentResult(
  counts: ExperimentCounts,
  metric: ExperimentMetric,
  values: UnitValues,
): ExperimentResult {
  const { range, better } = METRICS[metric];
  const control = statsOf(values.control);
  const treatment = statsOf(values.treatment);
  const arms: Arms = { control, treatment, range };
  const interval = differenceInterval(arms);
  const hasDifference = control.count > 0 && treatment.count > 0;
  return {
    name: counts.name,
    metric,
    control: armResult(counts.control, control, arms),
    treatment: armResult(counts.treatment, treatment, arms),
    difference: hasDifference ? { mean: treatment.mean - control.mean, interval } : undefined,
    verdict: verdictOf(arms, interval, better),
  };
}

function armResult(counts: ArmCounts, stats: RunningStats, arms: Arms): ArmResult {
  return {
    ...counts,
    measured: stats.count,
    mean: stats.count === 0 ? undefined : stats.mean,
    interval: meanInterval(stats, arms),
  };
}

function verdictOf(arms: Arms, interval: Interval | undefined, better: "more" | "less"): ExperimentVerdict {
  const missing = {
    control: Math.max(0, BURN_IN - arms.control.count),
    treatment: Math.max(0, BURN_IN - arms.treatment.count),
  };
  if (missing.control > 0 || missing.treatment > 0) return { kind: "too-few", missing };
  if (interval === undefined || (interval.low <= 0 && interval.high >= 0)) {
    return { kind: "undecided", moreUnits: unitsUntilDecided(arms) };
  }
  return { kind: "different", better: interval.low > 0 === (better === "more") ? "treatment" : "control" };
}
