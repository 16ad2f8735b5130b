import { hash } from "node:crypto";
import type { Attributes, ExperimentArm, ExperimentAssignment } from "../contract/decision.ts";
import type { ModelRef } from "../contract/model.ts";
import type { Route } from "../settings/schema.ts";

/** A route's `experiment`. */
export type Experiment = NonNullable<Route["experiment"]>;

/** So many hexadecimal digits of a hash are looked at: 48 bits, which a number holds exactly. */
const DIGITS = 12;
const BUCKETS = 2 ** (4 * DIGITS);

/**
 * Where a unit lies in an experiment, in [0, 1), the same on every machine and for ever: the first six bytes, most
 * significant first, over 2⁴⁸, of the SHA-256 (FIPS 180-4) of the experiment's name in UTF-8, a zero byte, and the unit.
 */
export function fractionOf(name: string, unit: string): number {
  return Number.parseInt(hash("sha256", `${name}\u0000${unit}`, "hex").slice(0, DIGITS), 16) / BUCKETS;
}

/**
 * The arm that a unit is dealt to: below the share it is the treatment. So a larger share moves units from control to
 * treatment only, and another name deals anew.
 */
export function armOf(
  { name, treatmentShare }: Pick<Experiment, "name" | "treatmentShare">,
  unit: string,
): ExperimentArm {
  return fractionOf(name, unit) < treatmentShare ? "treatment" : "control";
}

/** What is dealt as a whole. A request that belongs to no conversation (the endpoint's) is a unit of its own. */
export function unitOf(
  { unit }: Pick<Experiment, "unit">,
  { conversation, user }: Pick<Attributes, "conversation" | "user">,
  decisionId: string,
): string {
  switch (unit) {
    case "user":
      return user;
    case "request":
      return decisionId;
    case "conversation":
      return conversation ?? decisionId;
  }
}

/**
 * A request's part in its route's experiment, and the model that its arm asks first; undefined where it has none. Left
 * out are requests whose model was chosen otherwise (explicitly, or as a way out of the budget), and private ones
 * unless both models are local: who takes part must not hang on the arm, or the arms cannot be compared.
 */
export function partIn(
  experiment: Experiment,
  attributes: Attributes,
  decisionId: string,
  isLocal: (ref: ModelRef) => boolean,
): { readonly part: ExperimentAssignment; readonly ref: ModelRef } | undefined {
  const { explicitModel, budgetChoice, isPrivate } = attributes;
  if (explicitModel !== undefined || budgetChoice !== undefined) return undefined;
  if (isPrivate && !(isLocal(experiment.control) && isLocal(experiment.treatment))) return undefined;
  const unit = unitOf(experiment, attributes, decisionId);
  const arm = armOf(experiment, unit);
  return { part: { name: experiment.name, arm, unit }, ref: experiment[arm] };
}
