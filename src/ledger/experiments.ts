import type { ExperimentArm } from "../contract/decision.ts";
import type { Route } from "../settings/schema.ts";

/** What an experiment goes by. Scores of `kept` and `thumbs` are 0 to 1; the others are measured by themselves. */
export type ExperimentMetric = NonNullable<Route["experiment"]>["metric"];

/**
 * One value per unit and arm, in the order in which the units came: the mean over the unit's decisions that have one.
 * A unit counts for the arm of its first decision; what it did in the other, after its share was raised, is left out.
 */
export type UnitValues = Readonly<Record<ExperimentArm, readonly number[]>>;

/** What went through an arm, whether or not it has a value. */
export type ArmCounts = {
  readonly units: number;
  readonly decisions: number;
  /** Answers that ended in a failure, no model of the chain having answered. */
  readonly failures: number;
  /** Answers that took another model than the one asked first. They count for the arm all the same. */
  readonly fallbacks: number;
};

/** An experiment that something is remembered of. */
export type ExperimentCounts = Readonly<Record<ExperimentArm, ArmCounts>> & {
  readonly name: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
};
