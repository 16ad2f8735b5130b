/** The statistics of values seen so far, from which mean and variance follow. */
export type RunningStats = {
  readonly count: number;
  readonly mean: number;
  /** The sum of squared deviations from the mean. */
  readonly squaredDeviations: number;
};

/** @internal */
export const NO_VALUES: RunningStats = { count: 0, mean: 0, squaredDeviations: 0 };

/**
 * Adds a value; numerically stable (Welford, "Note on a method …", Technometrics 4(3), 1962).
 * @internal
 */
export function withValue({ count, mean, squaredDeviations }: RunningStats, value: number): RunningStats {
  const deviation = value - mean;
  const next = mean + deviation / (count + 1);
  return {
    count: count + 1,
    mean: next,
    squaredDeviations: squaredDeviations + deviation * (value - next),
  };
}

/** The running statistics of values. */
export function statsOf(values: readonly number[]): RunningStats {
  return values.reduce(withValue, NO_VALUES);
}

/**
 * Merges two sets of values (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm …", COMPSTAT 1982).
 * @internal
 */
export function merge(a: RunningStats, b: RunningStats): RunningStats {
  const count = a.count + b.count;
  if (count === 0) return NO_VALUES;
  const distance = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (distance * b.count) / count,
    squaredDeviations:
      a.squaredDeviations + b.squaredDeviations + (distance * distance * a.count * b.count) / count,
  };
}

/**
 * The sample variance; 0 for fewer than two values.
 * @internal
 */
export function varianceOf({ count, squaredDeviations }: RunningStats): number {
  return count < 2 ? 0 : squaredDeviations / (count - 1);
}

export type Interval = { readonly low: number; readonly high: number };

/** The probability that a sequence of intervals ever excludes the true value, over all looks. */
const ALPHA = 0.05;

/** The number of units at which the sequence is tightest. It is valid at any number. */
const TIGHTEST_AT = 200;

/**
 * ρ² of the normal mixture that is tightest there: (−2 ln α + ln(1 − 2 ln α)) / t (the paper below, on tuning ρ; Howard,
 * Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics
 * 49(2), 2021, section 3.5).
 */
const RHO_SQUARED = (-2 * Math.log(ALPHA) + Math.log(1 - 2 * Math.log(ALPHA))) / TIGHTEST_AT;

/**
 * The units that each arm needs before any claim. The guarantee is asymptotic, like that of the central limit theorem,
 * and requires enough values to estimate the variance.
 */
export const BURN_IN = 10;

/** Estimates of this many units or more are not reported. */
const MAX_UNITS = 1_000_000;

/** The two arms of an experiment, and the range of their values if it is bounded. */
export type Arms = {
  readonly control: RunningStats;
  readonly treatment: RunningStats;
  readonly range?: Interval | undefined;
};

/**
 * The interval of the difference of the means, treatment minus control: an asymptotic confidence sequence at 95 %, which
 * stays valid if it is evaluated after every unit. Undefined before the burn-in, and if all values are equal.
 *
 * Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
 * sequences", Annals of Statistics 52(6), 2024: after t units the mean ± σ̂ √(2(tρ² + 1)/(t²ρ²) · ln(√(tρ² + 1)/α)). For
 * units assigned to arms at random the paper uses the influence functions of the difference, whose variance without
 * covariates is t·(s₁²/n₁ + s₀²/n₀) with t = n₁ + n₀. The arms may differ in size.
 */
export function differenceInterval(arms: Arms): Interval | undefined {
  const error = standardError(arms);
  if (error === undefined) return undefined;
  const { control, treatment } = arms;
  const mean = treatment.mean - control.mean;
  const margin = error * boundary(control.count + treatment.count);
  return { low: mean - margin, high: mean + margin };
}

/**
 * The interval of one arm's mean: the same sequence for a single mean, limited to the range of the values. Means of very
 * skewed values, such as costs, approach their limit slowly from below, but equally in both arms: their difference is
 * reliable sooner than the means.
 */
export function meanInterval(arm: RunningStats, arms: Arms): Interval | undefined {
  if (arm.count < BURN_IN) return undefined;
  const variance = varianceIn(arm, pooled(arms));
  if (variance === 0) return undefined;
  const margin = Math.sqrt(variance / arm.count) * boundary(arm.count);
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = arms.range ?? {};
  return { low: Math.max(low, arm.mean - margin), high: Math.min(high, arm.mean + margin) };
}

/**
 * Estimates how many more units, in both arms and assigned as before, are needed until the interval of the present
 * difference excludes zero, at the present variance. Undefined for a million or more, and where no estimate is possible.
 */
export function unitsUntilDecided(arms: Arms): number | undefined {
  const error = standardError(arms);
  if (error === undefined) return undefined;
  const { control, treatment } = arms;
  const units = control.count + treatment.count;
  const difference = Math.abs(treatment.mean - control.mean);
  const isDecidedAt = (count: number) => error * Math.sqrt(units / count) * boundary(count) < difference;
  if (!isDecidedAt(MAX_UNITS)) return undefined;
  if (isDecidedAt(units)) return 0;
  let [tooFew, enough] = [units, MAX_UNITS];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isDecidedAt(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough - units;
}

/** The half-width of the sequence after this many units, in standard errors. */
function boundary(units: number): number {
  const x = units * RHO_SQUARED;
  return Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / ALPHA));
}

/** The standard error of the difference. Undefined before the burn-in, and if all values are equal. */
function standardError(arms: Arms): number | undefined {
  const { control, treatment } = arms;
  if (control.count < BURN_IN || treatment.count < BURN_IN) return undefined;
  const both = pooled(arms);
  const error = Math.sqrt(
    varianceIn(control, both) / control.count + varianceIn(treatment, both) / treatment.count,
  );
  return error === 0 ? undefined : error;
}

/**
 * The values of both arms. If their range is known, each end of it counts as one more value, so that ten positive results
 * in a row do not prove that all will be positive (Agresti and Caffo, "Simple and effective confidence intervals …", The
 * American Statistician 54(4), 2000, add a success and a failure likewise).
 */
function pooled({ control, treatment, range }: Arms): RunningStats {
  const both = merge(control, treatment);
  if (range === undefined) return both;
  const { low, high } = range;
  return merge(both, { count: 2, mean: (low + high) / 2, squaredDeviations: (high - low) ** 2 / 2 });
}

/**
 * The variance of an arm, at least that of both arms together: a small arm without a rare value yet looks too steady. A
 * larger variance keeps the guarantee. Measured over 2,000 A/A runs of 1,000 units, 5 % of them in the treatment, with
 * nine positive results in ten: no false alarm, compared with 37 % when each arm uses its own variance.
 */
function varianceIn(arm: RunningStats, both: RunningStats): number {
  return Math.max(varianceOf(arm), varianceOf(both));
}
