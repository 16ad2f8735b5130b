import type { ExperimentArm } from "../contract/decision.ts";
import type { ArmCounts, ExperimentCounts, ExperimentMetric, UnitValues } from "../contract/history.ts";
import {
  type Arms,
  BURN_IN,
  differenceOf,
  type Interval,
  meanIn,
  unitsToTell,
} from "./confidenceSequence.ts";
import { type Moments, momentsOf } from "./moments.ts";

export type ArmResult = ArmCounts & {
  /** Units with a value of the metric: what the mean is of. */
  readonly measured: number;
  /** Left out where no unit has a value. */
  readonly mean?: number;
  /** At 95 %, over all looks; left out before the burn-in. */
  readonly interval?: Interval;
};

export type ExperimentVerdict =
  /** `missing`: units with a value that each arm needs before anything is claimed. */
  | { readonly kind: "too-few"; readonly missing: Readonly<Record<ExperimentArm, number>> }
  /** Zero is among the differences that are possible. */
  | {
      readonly kind: "undecided";
      /** Roughly how many more, if the difference and the spread stay as they are; left out where nobody can say. */
      readonly moreUnits?: number;
    }
  | { readonly kind: "different"; readonly better: ExperimentArm };

/** What an experiment says until now. It may be looked at after every answer. */
export type ExperimentResult = {
  readonly name: string;
  readonly metric: ExperimentMetric;
  readonly control: ArmResult;
  readonly treatment: ArmResult;
  /** Treatment less control, in the metric's unit; left out where an arm has no value. */
  readonly difference?: { readonly mean: number; readonly interval?: Interval };
  readonly verdict: ExperimentVerdict;
};

const METRICS: Readonly<
  Record<ExperimentMetric, { readonly range?: Interval; readonly better: "more" | "less" }>
> = {
  thumbs: { range: { low: 0, high: 1 }, better: "more" },
  costUsd: { better: "less" },
  latencyMs: { better: "less" },
};

/** Compares the arms of an experiment by a metric. */
export function experimentResult(
  counts: ExperimentCounts,
  metric: ExperimentMetric,
  values: UnitValues,
): ExperimentResult {
  const { range } = METRICS[metric];
  const arms: Arms = {
    control: momentsOf(values.control),
    treatment: momentsOf(values.treatment),
    ...(range === undefined ? {} : { range }),
  };
  const { control, treatment } = arms;
  const interval = differenceOf(arms);
  const mean = treatment.mean - control.mean;
  return {
    name: counts.name,
    metric,
    control: armResult(counts.control, control, arms),
    treatment: armResult(counts.treatment, treatment, arms),
    ...(control.count === 0 || treatment.count === 0
      ? {}
      : { difference: { mean, ...(interval === undefined ? {} : { interval }) } }),
    verdict: verdictOf(arms, interval, METRICS[metric].better),
  };
}

function armResult(counts: ArmCounts, moments: Moments, arms: Arms): ArmResult {
  const interval = meanIn(moments, arms);
  return {
    ...counts,
    measured: moments.count,
    ...(moments.count === 0 ? {} : { mean: moments.mean }),
    ...(interval === undefined ? {} : { interval }),
  };
}

function verdictOf(arms: Arms, interval: Interval | undefined, better: "more" | "less"): ExperimentVerdict {
  const missing = {
    control: Math.max(0, BURN_IN - arms.control.count),
    treatment: Math.max(0, BURN_IN - arms.treatment.count),
  };
  if (missing.control > 0 || missing.treatment > 0) return { kind: "too-few", missing };
  if (interval === undefined || (interval.low <= 0 && interval.high >= 0)) {
    const moreUnits = unitsToTell(arms);
    return { kind: "undecided", ...(moreUnits === undefined ? {} : { moreUnits }) };
  }
  return { kind: "different", better: interval.low > 0 === (better === "more") ? "treatment" : "control" };
}
