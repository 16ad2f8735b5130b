import { hash } from "node:crypto";
import type { Attributes, ExperimentArm, ExperimentAssignment } from "../../contract/decision.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Route } from "../../settings/schema.ts";

/** A route's `experiment`. */
export type Experiment = NonNullable<Route["experiment"]>;

/** The hexadecimal digits of a hash that are used: 48 bits, which a number represents exactly. */
const DIGITS = 12;
const BUCKETS = 2 ** (4 * DIGITS);

/**
 * The position of a unit in an experiment, in [0, 1): the first six bytes, most significant first, divided by 2⁴⁸, of the
 * SHA-256 (FIPS 180-4) of the experiment's name in UTF-8, a zero byte, and the unit. It is the same on every machine.
 */
export function fractionOf(name: string, unit: string): number {
  return Number.parseInt(hash("sha256", `${name}\u0000${unit}`, "hex").slice(0, DIGITS), 16) / BUCKETS;
}

/**
 * The arm of a unit: the treatment below the treatment share. Raising the share moves units from control to treatment
 * only; another name assigns all units again.
 */
function armOf(
  { name, treatmentShare }: Pick<Experiment, "name" | "treatmentShare">,
  unit: string,
): ExperimentArm {
  return fractionOf(name, unit) < treatmentShare ? "treatment" : "control";
}

/** The unit that is assigned to an arm. A request outside of a conversation (from the server) is a unit by itself. */
function unitOf(
  { unit }: Pick<Experiment, "unit">,
  { conversation, user, requestId }: Pick<Attributes, "conversation" | "user" | "requestId">,
): string {
  switch (unit) {
    case "user":
      return user;
    case "request":
      return requestId;
    case "conversation":
      return conversation ?? requestId;
  }
}

/**
 * The arm of a request in its route's experiment, and the model that the arm asks first. Undefined for requests whose
 * model was chosen otherwise (by the user, or by a budget choice), and for private requests unless both models are
 * local: participation must not depend on the arm, or the arms could not be compared.
 */
export function assignmentFor(
  experiment: Experiment,
  attributes: Attributes,
  isLocal: (ref: ModelRef) => boolean,
): { readonly assignment: ExperimentAssignment; readonly ref: ModelRef } | undefined {
  const { explicitModel, budgetChoice, isPrivate } = attributes;
  if (explicitModel !== undefined || budgetChoice !== undefined) return undefined;
  if (isPrivate && !(isLocal(experiment.control) && isLocal(experiment.treatment))) return undefined;
  const unit = unitOf(experiment, attributes);
  const arm = armOf(experiment, unit);
  return { assignment: { name: experiment.name, arm, unit }, ref: experiment[arm] };
}
