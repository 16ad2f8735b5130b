import { describe, expect, it } from "vitest";
import {
  type Arms,
  BURN_IN,
  differenceInterval,
  NO_VALUES,
  type RunningStats,
  varianceOf,
  withValue,
} from "./confidenceSequence.ts";

const RUNS = 2000;
const UNITS = 1000;
const RANGE = { low: 0, high: 1 };

/** Mulberry32, a generator with the same sequence for the same seed on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Draw = (random: () => number) => number;

const positiveWith =
  (share: number): Draw =>
  (random) =>
    random() < share ? 1 : 0;

/** Log-normal, by Box and Muller: half of the costs are below 0.01 dollars, one in forty above 0.07. */
const cost: Draw = (random) =>
  0.01 * Math.exp(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

function claimsDifference(arms: Arms): boolean {
  const interval = differenceInterval(arms);
  return interval !== undefined && (interval.low > 0 || interval.high < 0);
}

/** Welch's t-test ("The generalization of 'Student's' problem …", Biometrika 34, 1947) at 5 %. */
function tTestClaimsDifference(control: RunningStats, treatment: RunningStats): boolean {
  if (control.count < BURN_IN || treatment.count < BURN_IN) return false;
  const a = varianceOf(control) / control.count;
  const b = varianceOf(treatment) / treatment.count;
  const t = Math.abs(treatment.mean - control.mean) / Math.sqrt(a + b);
  const freedom = (a + b) ** 2 / (a ** 2 / (control.count - 1) + b ** 2 / (treatment.count - 1));
  return t > criticalT(freedom);
}

/** The 97.5 % quantile of Student's t (the expansion of Abramowitz and Stegun, 26.7.5, to 1/ν²). */
function criticalT(freedom: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

type Alarms = { readonly sequence: number; readonly tTest: number };

/** The share of A/A runs, evaluated after every unit, in which each method ever claims a difference. */
function falseAlarms(draw: Draw, share: number, range?: Arms["range"]): Alarms {
  let [sequence, tTest] = [0, 0];
  for (let run = 0; run < RUNS; run += 1) {
    const random = randomFrom(run * 7919 + 1);
    let [control, treatment] = [NO_VALUES, NO_VALUES];
    let [claimed, tTestClaimed] = [false, false];
    for (let unit = 0; unit < UNITS && !(claimed && tTestClaimed); unit += 1) {
      if (random() < share) treatment = withValue(treatment, draw(random));
      else control = withValue(control, draw(random));
      claimed ||= claimsDifference({ control, treatment, range });
      tTestClaimed ||= tTestClaimsDifference(control, treatment);
    }
    sequence += claimed ? 1 : 0;
    tTest += tTestClaimed ? 1 : 0;
  }
  return { sequence: sequence / RUNS, tTest: tTest / RUNS };
}

describe("the confidence sequence in 2,000 A/A runs, evaluated after every unit", () => {
  it.each([
    ["thumbs up for every second answer, equal arms", positiveWith(0.5), 0.5, RANGE],
    ["thumbs up for seven answers in ten, a fifth treated", positiveWith(0.7), 0.2, RANGE],
    ["thumbs up for nine answers in ten, equal arms", positiveWith(0.9), 0.5, RANGE],
    ["thumbs up for nine answers in ten, a twentieth treated", positiveWith(0.9), 0.05, RANGE],
    ["skewed costs, equal arms", cost, 0.5, undefined],
    ["skewed costs, a fifth treated", cost, 0.2, undefined],
  ])(
    "claims a difference in at most 5 of 100 runs, and a t-test in more than 15: %s",
    (_, draw, share, range) => {
      const { sequence, tTest } = falseAlarms(draw, share, range);
      expect(sequence).toBeLessThanOrEqual(0.05);
      expect(tTest).toBeGreaterThan(0.15);
    },
  );

  it("claims a difference in at most 5 % of the runs if units grow with each answer", () => {
    let alarms = 0;
    for (let run = 0; run < RUNS; run += 1)
      if (claimsOverConversations(randomFrom(run * 104_729 + 1))) alarms += 1;
    expect(alarms / RUNS).toBeLessThanOrEqual(0.05);
  });
});

/** Conversations of about four answers each, three open at a time, evaluated after each of 1,000 answers. */
function claimsOverConversations(random: () => number): boolean {
  const arms = [
    { count: 0, sum: 0, squares: 0 },
    { count: 0, sum: 0, squares: 0 },
  ] as const;
  const start = () => ({
    arm: arms[random() < 0.5 ? 0 : 1],
    preference: 0.5 + random() / 2,
    answers: 0,
    positive: 0,
  });
  const open = [start(), start(), start()];
  const statsIn = ({ count, sum, squares }: (typeof arms)[number] | Sums): RunningStats =>
    count === 0 ? NO_VALUES : { count, mean: sum / count, squaredDeviations: squares - sum ** 2 / count };
  for (let answer = 0; answer < 1000; answer += 1) {
    const at = Math.floor(random() * open.length);
    const conversation = open[at];
    if (conversation === undefined) continue;
    const sums: Sums = conversation.arm;
    const before = conversation.answers === 0 ? undefined : conversation.positive / conversation.answers;
    conversation.answers += 1;
    conversation.positive += random() < conversation.preference ? 1 : 0;
    const value = conversation.positive / conversation.answers;
    sums.count += before === undefined ? 1 : 0;
    sums.sum += value - (before ?? 0);
    sums.squares += value ** 2 - (before ?? 0) ** 2;
    if (random() < 0.25) open[at] = start();
    const [control, treatment] = [statsIn(arms[0]), statsIn(arms[1])];
    if (claimsDifference({ control, treatment, range: RANGE })) return true;
  }
  return false;
}

type Sums = { count: number; sum: number; squares: number };

describe("a real difference", () => {
  it.each([
    ["thumbs", positiveWith(0.6), positiveWith(0.8), RANGE],
    ["costs", cost, (random: () => number) => 2 * cost(random), undefined],
  ])("of %s is found within 1,000 units in at least 95 of 100 runs", (_, control, treatment, range) => {
    let found = 0;
    for (let run = 0; run < 200; run += 1) {
      const random = randomFrom(run + 1);
      let arms: Arms = {
        control: NO_VALUES,
        treatment: NO_VALUES,
        range,
      };
      let claimed = false;
      for (let unit = 0; unit < 1000 && !claimed; unit += 1) {
        arms =
          random() < 0.5
            ? { ...arms, treatment: withValue(arms.treatment, treatment(random)) }
            : { ...arms, control: withValue(arms.control, control(random)) };
        claimed = claimsDifference(arms);
      }
      found += claimed ? 1 : 0;
    }
    expect(found / 200).toBeGreaterThanOrEqual(0.95);
  });
});
