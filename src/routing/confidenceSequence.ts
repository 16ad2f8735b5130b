import { type Moments, momentsOf, together, varianceOf } from "./moments.ts";

export type Interval = { readonly low: number; readonly high: number };

/** The chance that a sequence of intervals ever misses the truth, over all looks. */
const ALPHA = 0.05;

/** The number of units at which the sequence is tightest; it holds at all of them. */
const TIGHTEST_AT = 200;

/**
 * ρ² of the normal mixture that makes it so: (−2 ln α + ln(1 − 2 ln α)) / t (the paper below, on tuning ρ; Howard,
 * Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics
 * 49(2), 2021, section 3.5).
 */
const RHO_SQUARED = (-2 * Math.log(ALPHA) + Math.log(1 - 2 * Math.log(ALPHA))) / TIGHTEST_AT;

/**
 * Nothing is claimed before each arm has so many units. The guarantee is asymptotic, as that of the central limit
 * theorem: it needs a start from which the variance can be estimated at all.
 */
export const BURN_IN = 10;

/** More units than this are as good as never. */
const NEVER = 1_000_000;

/** The two arms of an experiment, and the range of their values where it is bounded. */
export type Arms = {
  readonly control: Moments;
  readonly treatment: Moments;
  readonly range?: Interval;
};

/**
 * Where the difference of the means, treatment less control, lies: an asymptotic confidence sequence of level 95 %, so
 * that it may be looked at after every unit. Undefined before the burn-in, and where no two values differ.
 *
 * Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
 * sequences", Annals of Statistics 52(6), 2024: after t units the mean ± σ̂ √(2(tρ² + 1)/(t²ρ²) · ln(√(tρ² + 1)/α)). For
 * units dealt at random to arms the paper takes the influence functions of the difference, whose variance without
 * covariates is t·(s₁²/n₁ + s₀²/n₀) with t = n₁ + n₀: arms may be of any size.
 */
export function differenceOf(arms: Arms): Interval | undefined {
  const error = standardError(arms);
  if (error === undefined) return undefined;
  const { control, treatment } = arms;
  const mean = treatment.mean - control.mean;
  const margin = error * boundary(control.count + treatment.count);
  return { low: mean - margin, high: mean + margin };
}

/**
 * Where the mean of an arm lies: the same sequence for one mean, cut to the range that it can have. Means of very skewed
 * values (costs) settle slowly from below, in both arms alike, so their difference can be trusted sooner than they.
 */
export function meanIn(arm: Moments, arms: Arms): Interval | undefined {
  if (arm.count < BURN_IN) return undefined;
  const variance = varianceIn(arm, bothOf(arms));
  if (variance === 0) return undefined;
  const margin = Math.sqrt(variance / arm.count) * boundary(arm.count);
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = arms.range ?? {};
  return { low: Math.max(low, arm.mean - margin), high: Math.min(high, arm.mean + margin) };
}

/**
 * Roughly how many more units, of both arms and dealt as until now, it takes until a difference as large as the present
 * one is told from none, at the present variance. Undefined where that is a million or more, or nobody can say.
 */
export function unitsToTell(arms: Arms): number | undefined {
  const error = standardError(arms);
  if (error === undefined) return undefined;
  const { control, treatment } = arms;
  const units = control.count + treatment.count;
  const difference = Math.abs(treatment.mean - control.mean);
  const tells = (count: number) => error * Math.sqrt(units / count) * boundary(count) < difference;
  if (!tells(NEVER)) return undefined;
  let [few, enough] = [units, NEVER];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (tells(middle)) enough = middle;
    else few = middle;
  }
  return tells(units) ? 0 : enough - units;
}

/** How many standard errors wide the sequence is after so many units, to either side. */
function boundary(units: number): number {
  const x = units * RHO_SQUARED;
  return Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / ALPHA));
}

/** Of the difference; undefined before the burn-in, and where no two values differ. */
function standardError(arms: Arms): number | undefined {
  const { control, treatment } = arms;
  if (control.count < BURN_IN || treatment.count < BURN_IN) return undefined;
  const both = bothOf(arms);
  const error = Math.sqrt(
    varianceIn(control, both) / control.count + varianceIn(treatment, both) / treatment.count,
  );
  return error === 0 ? undefined : error;
}

/**
 * The values of both arms. Where their range is known its ends count as one value each, so that ten answers liked in a
 * row are no proof that all will be (Agresti and Caffo, "Simple and effective confidence intervals …", The American
 * Statistician 54(4), 2000, add a success and a failure likewise).
 */
function bothOf({ control, treatment, range }: Arms): Moments {
  const both = together(control, treatment);
  return range === undefined ? both : together(both, momentsOf([range.low, range.high]));
}

/**
 * Neither arm is believed to be steadier than both together: a small arm that has met no rare value yet looks steady.
 * A larger variance keeps the guarantee. Measured over 2,000 A/A runs of 1,000 units, 5 % of them in the treatment, with
 * answers that are good nine times in ten: false alarms in none, where each arm's own variance alone gave 37 %.
 */
function varianceIn(arm: Moments, both: Moments): number {
  return Math.max(varianceOf(arm), varianceOf(both));
}
