import { type Weighted, weightedQuantile } from "../../../base/weightedQuantile.ts";
import type { OutputRange } from "../../../contract/decision.ts";
import type { ComplexityLevel } from "../../../contract/features.ts";
import type { AnswerLength } from "../../../contract/history.ts";
import type { ModelCard, ModelRef } from "../../../contract/model.ts";

/** What the length of an answer depends on, besides its model. */
export type EstimatedTask = {
  readonly route: string;
  readonly command: string | undefined;
  readonly level: ComplexityLevel;
};

/**
 * What is assumed without own answers. `tokens`: the median for a prompt of 1,000 characters. `slope`: the share of the
 * prompt's growth, both as logarithms, that the answer grows by: 0 if it does not depend on it, 1 if it is proportional.
 */
type Prior = { readonly tokens: number; readonly slope: number };

/** Estimates: answers that repeat the code that was sent grow with it, explanations hardly do. */
const PRIOR_OF_COMMAND: ReadonlyMap<string, Prior> = new Map([
  ["ask", { tokens: 450, slope: 0.1 }],
  ["explain", { tokens: 550, slope: 0.15 }],
  ["fix", { tokens: 550, slope: 0.5 }],
  ["refactor", { tokens: 650, slope: 0.6 }],
  ["tests", { tokens: 900, slope: 0.3 }],
  ["document", { tokens: 550, slope: 0.6 }],
]);

/** Estimates, for prompts without a command. */
const PRIOR_OF_LEVEL: Readonly<Record<ComplexityLevel, Prior>> = {
  low: { tokens: 350, slope: 0.1 },
  medium: { tokens: 600, slope: 0.1 },
  high: { tokens: 1100, slope: 0.1 },
};

/** Models that reason before every answer are billed for their reasoning as output. An estimate. */
const REASONING_FACTOR = 2.5;

/** The standard deviation of the logarithm of lengths: half of all answers are within a factor 1.8 of the median. */
const PRIOR_DEVIATION = 0.9;

/** The prior counts as this many answers, and half of it with each four own answers. For the slope it keeps its weight. */
const PRIOR_WEIGHT = 3;
const PRIOR_HALF_LIFE = 4;

/** How much an answer of another model, or through another route, counts. */
const OTHER_MODEL_WEIGHT = 0.15;
const OTHER_ROUTE_WEIGHT = 0.25;

/** With this many own answers, half of the difference in length to those of another model or route is taken out of them. */
const ALIGNMENT_WEIGHT = 2;

/** An answer counts half after this many more answers of its route. */
const HALF_LIFE_ANSWERS = 50;

/** The share of answers that the range leaves out at each end. */
const TAIL = 0.05;

/** Quantiles of the normal distribution in equal steps of probability: 1/18, 3/18, … 17/18. */
const NORMAL_QUANTILES = [-1.593, -0.967, -0.589, -0.282, 0, 0.282, 0.589, 0.967, 1.593];

/** Output tokens for a prompt of 1,000 characters, and the power of the prompt's length with which they grow. */
type Fit = { readonly low: number; readonly middle: number; readonly high: number; readonly slope: number };

/** Expected output tokens of the answers to one prompt, by model. */
export type OutputEstimator = {
  /** The middle: half of the answers are expected to be shorter. */
  readonly tokensOf: (card: ModelCard) => number;
  readonly rangeOf: (card: ModelCard) => OutputRange;
};

/** Fits of one list of answers, by task, and then by model. They are computed once per list. */
const cache = new WeakMap<readonly AnswerLength[], Map<string, Map<ModelRef, Fit>>>();

/**
 * Estimates output tokens from the lengths of earlier answers to the same command. Those of the same model and route count
 * most, and the others are moved to the middle of these; where there are few, what is assumed for the command and the complexity counts too. How far the length depends on
 * the prompt's is estimated with it. The range shows what is left; it narrows as answers agree.
 * @param answers the newest first, within each route
 * @param characters the length of the user's words and the attached code
 */
export function outputEstimator(
  answers: readonly AnswerLength[],
  task: EstimatedTask,
  characters: number | undefined,
): OutputEstimator {
  const size = sizeOf(characters);
  const fits = fitsFor(answers, task);
  const fitOf = (card: ModelCard): Fit => {
    const known = fits.get(card.ref);
    if (known !== undefined) return known;
    const fit = fitFor(answers, task, card);
    fits.set(card.ref, fit);
    return fit;
  };
  // Most models of a decision have the same slope: this saves an exponential for each of them.
  let growthOf = { slope: 0, factor: 1 };
  const grown = (tokens: number, { slope }: Fit) => {
    if (slope !== growthOf.slope) growthOf = { slope, factor: Math.exp(slope * size) };
    return Math.max(1, Math.round(tokens * growthOf.factor));
  };
  return {
    tokensOf: (card) => {
      const fit = fitOf(card);
      return grown(fit.middle, fit);
    },
    rangeOf: (card) => {
      const fit = fitOf(card);
      return { low: grown(fit.low, fit), high: grown(fit.high, fit) };
    },
  };
}

function fitsFor(
  answers: readonly AnswerLength[],
  { route, command, level }: EstimatedTask,
): Map<ModelRef, Fit> {
  const ofAnswers = cache.get(answers) ?? new Map<string, Map<ModelRef, Fit>>();
  cache.set(answers, ofAnswers);
  const key = `${level} /${command ?? ""} ${route}`;
  const fits = ofAnswers.get(key) ?? new Map<ModelRef, Fit>();
  ofAnswers.set(key, fits);
  return fits;
}

/** The length of a prompt as a logarithm, 0 for 1,000 characters. Below 100 characters it predicts nothing more. */
function sizeOf(characters = 1000): number {
  return Math.log(Math.max(100, characters) / 1000);
}

/** `length` and `size` as logarithms. `isOwn`: of the same model and route. `group`: its model and route. */
type Observation = {
  readonly size: number;
  readonly length: number;
  readonly weight: number;
  readonly isOwn: boolean;
  readonly group: string;
};

function fitFor(answers: readonly AnswerLength[], task: EstimatedTask, card: ModelCard): Fit {
  const prior = priorOf(task, card);
  const observed = observationsFor(answers, task, card.ref);
  const slope = slopeOf(observed, prior.slope);
  const observations = alignedToOwn(observed, slope);
  const total = observations.reduce((sum, { weight }) => sum + weight, 0);
  const priorWeight = PRIOR_WEIGHT * 2 ** (-total / PRIOR_HALF_LIFE);
  const points: Weighted[] = [
    ...observations.map(({ size, length, weight }) => ({ value: length - slope * size, weight })),
    ...NORMAL_QUANTILES.map((z) => ({
      value: Math.log(prior.tokens) + z * PRIOR_DEVIATION,
      weight: priorWeight / NORMAL_QUANTILES.length,
    })),
  ];
  // Of few answers, the outermost ones leave out more than their share (split conformal prediction, Vovk et al. 2005).
  const squares = observations.reduce((sum, { weight }) => sum + weight ** 2, priorWeight);
  const count = (total + priorWeight) ** 2 / squares;
  const upper = Math.min(1, (1 - TAIL) * (1 + 1 / count));
  const at = (q: number) => Math.exp(weightedQuantile(points, q) ?? Math.log(prior.tokens));
  return { low: at(1 - upper), middle: at(0.5), high: at(upper), slope };
}

function priorOf({ command, level }: EstimatedTask, { capabilities, samplingParams }: ModelCard): Prior {
  const prior = (command === undefined ? undefined : PRIOR_OF_COMMAND.get(command)) ?? PRIOR_OF_LEVEL[level];
  const reasons = !samplingParams && capabilities.includes("reasoning");
  return reasons ? { ...prior, tokens: prior.tokens * REASONING_FACTOR } : prior;
}

function observationsFor(
  answers: readonly AnswerLength[],
  { route }: EstimatedTask,
  ref: ModelRef,
): readonly Observation[] {
  const newer = new Map<string, number>();
  return answers.map((answer) => {
    const age = newer.get(answer.route) ?? 0;
    newer.set(answer.route, age + 1);
    const likeness =
      (answer.ref === ref ? 1 : OTHER_MODEL_WEIGHT) * (answer.route === route ? 1 : OTHER_ROUTE_WEIGHT);
    return {
      size: sizeOf(answer.characters),
      length: Math.log(Math.max(1, answer.outputTokens)),
      weight: likeness * 2 ** (-age / HALF_LIFE_ANSWERS),
      isOwn: likeness === 1,
      group: `${answer.ref} ${answer.route}`,
    };
  });
}

/**
 * Moves the answers of other models and routes by how much longer or shorter than the own ones they are, as far as there are
 * own ones to tell. What is left of them tells how much lengths vary.
 */
function alignedToOwn(observations: readonly Observation[], slope: number): readonly Observation[] {
  const groups = new Map<string, { sum: number; weight: number }>();
  for (const { group, size, length, weight } of observations) {
    const sums = groups.get(group) ?? { sum: 0, weight: 0 };
    sums.sum += weight * (length - slope * size);
    sums.weight += weight;
    groups.set(group, sums);
  }
  const own = groups.get(observations.find(({ isOwn }) => isOwn)?.group ?? "");
  if (own === undefined) return observations;
  const share = own.weight / (own.weight + ALIGNMENT_WEIGHT);
  return observations.map((each) => {
    const { sum, weight } = groups.get(each.group) ?? own;
    return { ...each, length: each.length + share * (own.sum / own.weight - sum / weight) };
  });
}

/** The weighted regression of lengths on sizes, drawn to the prior's slope where there are few answers or equal sizes. */
function slopeOf(observations: readonly Observation[], priorSlope: number): number {
  const total = observations.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return priorSlope;
  const mean = (figureOf: (each: Observation) => number) =>
    observations.reduce((sum, each) => sum + each.weight * figureOf(each), 0) / total;
  const meanSize = mean(({ size }) => size);
  const meanLength = mean(({ length }) => length);
  let covariance = PRIOR_WEIGHT * priorSlope;
  let variance = PRIOR_WEIGHT;
  for (const { size, length, weight } of observations) {
    covariance += weight * (size - meanSize) * (length - meanLength);
    variance += weight * (size - meanSize) ** 2;
  }
  return Math.min(1, Math.max(0, covariance / variance));
}
