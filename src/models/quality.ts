import type { QualityFigure } from "../contract/model.ts";

/** The issues of SWE-bench Verified: a measured quality is the share of them that the model solves. */
const ISSUES = 500;

/**
 * The standard error of an estimate, which is made from the family and the price of a model. It is the root mean square
 * error of predicting each measured model of data/quality.json from the others: by a straight line over the logarithm of
 * the price of output in data/models.json, moved by what the other models of its provider are off that line. A test
 * computes it.
 */
const ESTIMATE_ERROR = 0.12;

/** A quality of the catalogue with its standard error; of a measured one, that of a share of 500 issues. */
export function qualityFigure(value: number, basis: "measured" | "estimate"): QualityFigure {
  const standardError = basis === "measured" ? Math.sqrt((value * (1 - value)) / ISSUES) : ESTIMATE_ERROR;
  return { value, basis, standardError };
}
