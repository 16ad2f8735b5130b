/** What is kept of values to know their mean and variance, whatever their number. */
export type Moments = {
  readonly count: number;
  readonly mean: number;
  /** The sum of squared deviations from the mean. */
  readonly deviations: number;
};

export const NO_VALUES: Moments = { count: 0, mean: 0, deviations: 0 };

/** With one more value; stable in floating point (Welford, "Note on a method …", Technometrics 4(3), 1962). */
export function withValue({ count, mean, deviations }: Moments, value: number): Moments {
  const from = value - mean;
  const next = mean + from / (count + 1);
  return { count: count + 1, mean: next, deviations: deviations + from * (value - next) };
}

export function momentsOf(values: readonly number[]): Moments {
  return values.reduce(withValue, NO_VALUES);
}

/** Both together (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm …", COMPSTAT 1982). */
export function together(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  if (count === 0) return NO_VALUES;
  const from = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (from * b.count) / count,
    deviations: a.deviations + b.deviations + (from * from * a.count * b.count) / count,
  };
}

/** The sample variance; 0 of fewer than two values. */
export function varianceOf({ count, deviations }: Moments): number {
  return count < 2 ? 0 : deviations / (count - 1);
}
