import { t } from "@vscode/l10n";
import { durationText, moneyText } from "../../contract/view/format.ts";
import type { Affinity, Decision, NanoUsd } from "../../contract/view/shown.ts";
import type { Names } from "./names.ts";

type Cold = Extract<Affinity, { kind: "cold" }>;
type Weighed = Exclude<Affinity, Cold>;

/** Whether the conversation stayed with its last model, and what either was expected to cost. */
export function affinityWords({ affinity, outcome }: Decision, names: Names): string | undefined {
  if (affinity === undefined) return undefined;
  if (affinity.kind === "cold") return coldWords(affinity, names(affinity.last));
  const chain = outcome.kind === "chosen" ? outcome.chain : [];
  const isSimulated = chain.some(({ ref, simulated }) => ref === affinity.last && simulated === true);
  return affinity.kind === "stayed"
    ? stayedWords(affinity, isSimulated)
    : switchedWords(affinity, isSimulated, names);
}

/** The times that were weighed, where the pick goes by time. */
export function affinityTimes({ affinity }: Decision): string | undefined {
  if (affinity === undefined || affinity.kind === "cold") return undefined;
  const { stayMs, switchMs, switchPenaltyMs = 0 } = affinity;
  if (stayMs === undefined || switchMs === undefined) return undefined;
  if (!Number.isFinite(stayMs) || !Number.isFinite(switchMs)) return undefined;
  const times = { stay: durationText(stayMs), switch: durationText(switchMs) };
  return switchPenaltyMs < 50
    ? t("About {stay} to stay, {switch} to switch", times)
    : t("About {stay} to stay, {switch} to switch and {penalty} for what that costs more", {
        ...times,
        penalty: durationText(switchPenaltyMs),
      });
}

function coldWords({ reason: because }: Cold, model: string): string {
  switch (because) {
    case "expired":
      return t("The cache of {model} has expired, so switching costs nothing extra", { model });
    case "no-cache":
      return t("{model} keeps no cache, so switching costs nothing extra", { model });
    case "too-short":
      return t("Still too short for the cache of {model}, so switching costs nothing extra", { model });
  }
}

function stayedWords({ stayNanoUsd, switchNanoUsd }: Weighed, isSimulated: boolean): string {
  if (stayNanoUsd === undefined && switchNanoUsd === undefined) return t("Stayed: its cache is warm");
  const costs = { stay: amountWords(stayNanoUsd), switch: amountWords(switchNanoUsd) };
  return isSimulated
    ? t("Stayed: at list prices {stay} with its cache, {switch} to switch", costs)
    : t("Stayed: about {stay} with its cache, {switch} to switch", costs);
}

function switchedWords(
  { last, stayNanoUsd, switchNanoUsd }: Weighed,
  isSimulated: boolean,
  names: Names,
): string {
  const model = names(last);
  if (stayNanoUsd === undefined && switchNanoUsd === undefined) return t("Switched from {model}", { model });
  const costs = { model, stay: amountWords(stayNanoUsd), switch: amountWords(switchNanoUsd) };
  return isSimulated
    ? t("Switched from {model}: at list prices {switch}, {stay} to stay with its cache", costs)
    : t("Switched from {model}: about {switch}, {stay} to stay with its cache", costs);
}

function amountWords(amount: NanoUsd | undefined): string {
  return amount === undefined ? t("an unknown cost") : moneyText(amount);
}
