import { t } from "@vscode/l10n";
import type { Decision } from "../../contract/view/shown.ts";

/** “terra-against-sonnet: treatment”: which side of an experiment a decision counts for. */
export function experimentWords({ experiment }: Decision): string | undefined {
  if (experiment === undefined) return undefined;
  return experiment.arm === "treatment"
    ? t("{name}: treatment", { name: experiment.name })
    : t("{name}: control", { name: experiment.name });
}

/**
 * Whether the first of the chain stands there by the experiment. A decision does not say which model its arm asks for;
 * where anybody was passed over that may have been the one, and the pick chose instead.
 */
export function byExperiment({ experiment, skipped: passedOver }: Decision): boolean {
  return experiment !== undefined && passedOver.length === 0;
}
