import * as l10n from "@vscode/l10n";
import { type Affinity, type Decision, type Effort, escalationOf } from "../../contract/decision.ts";
import type { NanoUsd } from "../../contract/money.ts";
import type { ReasoningEffort } from "../../contract/provider/ask.ts";
import { formatDuration, formatMoney, lowerFirst } from "../format.ts";
import type { ModelNames } from "../names.ts";
import { describeCascadeOrder } from "./cascade.ts";
import { describeCause } from "./escalation.ts";

type Cold = Extract<Affinity, { kind: "cold" }>;
type Compared = Exclude<Affinity, Cold>;

/** What decided among the candidates of the route. */
export function describePick(decision: Decision): string {
  const { outcome, followUp, experiment, exploration } = decision;
  if (outcome.kind === "chosen" && outcome.byBudget !== undefined) return l10n.t("The budget");
  if (followUp === true) return l10n.t("The previous prompt");
  const escalation = escalationOf(decision);
  if (escalation !== undefined) {
    const cause = describeCause(escalation);
    return cause === undefined
      ? l10n.t("The step to a stronger model")
      : l10n.t("The step to a stronger model: {cause}", { cause: lowerFirst(cause) });
  }
  if (isChosenByExperiment(decision)) return l10n.t("The experiment");
  if (exploration !== undefined) return l10n.t("A share of the prompts that measures speeds");
  if (experiment === undefined && outcome.kind === "chosen" && outcome.insteadOf !== undefined) {
    return l10n.t("{method}, among the models that the budget covers", {
      method: describePickMethod(decision),
    });
  }
  return experiment === undefined
    ? describePickMethod(decision)
    : l10n.t("The experiment, else: {method}", { method: lowerFirst(describePickMethod(decision)) });
}

/** How a route orders its candidates. */
export function describePickMethod({ pick, cascade }: Pick<Decision, "pick" | "cascade">): string {
  switch (pick) {
    case "cascade":
      return cascade === undefined ? l10n.t("A cascade") : describeCascadeOrder(cascade);
    case "first":
      return l10n.t("Order in the route");
    case "cheapest":
      return l10n.t("Lowest expected cost");
    case "fastest":
      return l10n.t("Shortest expected time");
    case "balanced":
      return l10n.t("Cost and time together");
    case "best-quality":
      return l10n.t("Lowest expected cost near the best quality");
    case "explicit":
      return l10n.t("Your choice");
  }
}

/** The name of an effort of reasoning. */
export function effortName(effort: ReasoningEffort): string {
  switch (effort) {
    case "low":
      return l10n.t("Low");
    case "medium":
      return l10n.t("Medium");
    case "high":
      return l10n.t("High");
    default:
      return effort;
  }
}

/** How much the model was asked to reason, and by whom: “High, from the route”. */
export function describeEffort({ value, by }: Effort): string {
  const effort = effortName(value);
  switch (by) {
    case "request":
      return l10n.t("{effort}, from the request", { effort });
    case "conversation":
      return l10n.t("{effort}, your choice", { effort });
    case "route":
      return l10n.t("{effort}, from the route", { effort });
  }
}

/** The experiment and the arm that a decision counts for: “terra-against-sonnet: treatment”. */
export function describeExperiment({ experiment }: Decision): string | undefined {
  if (experiment === undefined) return undefined;
  return experiment.arm === "treatment"
    ? l10n.t("{name}: treatment", { name: experiment.name })
    : l10n.t("{name}: control", { name: experiment.name });
}

/**
 * Whether an experiment chose the first model of the chain. A decision does not name the model of its arm. Where a
 * candidate was skipped, that may have been the arm's model, and the pick chose instead.
 */
export function isChosenByExperiment({ experiment, skipped }: Decision): boolean {
  return experiment !== undefined && skipped.length === 0;
}

/** Whether the conversation stayed with its last model, and the expected cost of staying and of switching. */
export function describeAffinity({ affinity, outcome }: Decision, names: ModelNames): string | undefined {
  if (affinity === undefined) return undefined;
  const last = names(affinity.last);
  if (affinity.kind === "cold") return describeColdCache(affinity, last);
  const chain = outcome.kind === "chosen" ? outcome.chain : [];
  const isSimulated = chain.some(({ ref, simulated }) => ref === affinity.last && simulated === true);
  return affinity.kind === "stayed"
    ? describeStay(affinity, isSimulated)
    : describeSwitch(affinity, last, isSimulated);
}

/** What another model would have cost while this one's cache was warm, as a sentence; undefined if it is not known. */
export function describeCacheCosts({ affinity, outcome }: Decision, names: ModelNames): string | undefined {
  if (affinity === undefined || affinity.kind === "cold" || outcome.kind === "blocked") return undefined;
  const { kind, last, other, stayNanoUsd, switchNanoUsd } = affinity;
  if (stayNanoUsd === undefined || switchNanoUsd === undefined) return undefined;
  const costs = {
    last: names(last),
    other: names(other),
    stay: formatMoney(stayNanoUsd),
    switch: formatMoney(switchNanoUsd),
  };
  return kind === "stayed"
    ? l10n.t(
        "The prompt was expected to cost {stay} with the cache of {last}, and {switch} with {other}.",
        costs,
      )
    : l10n.t(
        "The prompt was expected to cost {switch} with {other}, and {stay} with the cache of {last}.",
        costs,
      );
}

/** The expected times of staying and of switching; undefined if the pick does not compare times. */
export function describeAffinityTimes({ affinity }: Decision): string | undefined {
  if (affinity === undefined || affinity.kind === "cold") return undefined;
  const { stayMs, switchMs, switchPenaltyMs = 0 } = affinity;
  if (stayMs === undefined || switchMs === undefined) return undefined;
  if (!Number.isFinite(stayMs) || !Number.isFinite(switchMs)) return undefined;
  const times = { stay: formatDuration(stayMs), switch: formatDuration(switchMs) };
  return switchPenaltyMs < 50
    ? l10n.t("About {stay} to stay, {switch} to switch", times)
    : l10n.t("About {stay} to stay, {switch} to switch and {penalty} for the higher cost of switching", {
        ...times,
        penalty: formatDuration(switchPenaltyMs),
      });
}

/** Why a model was tried whose speed was to be measured, as a sentence; undefined if none was. */
export function describeExploration(
  { exploration, outcome }: Decision,
  names: ModelNames,
): string | undefined {
  if (exploration === undefined || outcome.kind === "blocked") return undefined;
  const figures = {
    model: names(outcome.chain[0].ref),
    other: names(exploration.instead),
    percent: Math.round(exploration.share * 100),
  };
  return exploration.basis === "unknown"
    ? l10n.t(
        "The speed of {model} is not known, and {percent}% of the prompts try such a model; else {other} comes first.",
        figures,
      )
    : l10n.t(
        "The speed of {model} was measured long ago, and {percent}% of the prompts try such a model; else {other} comes first.",
        figures,
      );
}

/** The expected time of the first model's answer, and how well it is known; undefined if the pick compares no times. */
export function describeExpectedTime({ outcome }: Decision): string | undefined {
  const speed = outcome.kind === "chosen" ? outcome.chain[0].speed : undefined;
  if (speed === undefined) return undefined;
  const time = formatDuration(speed.ms);
  switch (speed.basis) {
    case "measured":
      return l10n.t("About {time}, by its last answers", { time });
    case "stale":
      return l10n.t("About {time}, by answers of long ago", { time });
    case "unknown":
      return l10n.t("About {time}, assumed: it has not answered yet", { time });
  }
}

function describeColdCache({ reason }: Cold, model: string): string {
  switch (reason) {
    case "expired":
      return l10n.t("The cache of {model} has expired, so switching costs nothing extra", { model });
    case "no-cache":
      return l10n.t("{model} has no cache, so switching costs nothing extra", { model });
    case "too-short":
      return l10n.t("Still too short for the cache of {model}, so switching costs nothing extra", { model });
  }
}

function describeStay({ stayNanoUsd, switchNanoUsd }: Compared, isSimulated: boolean): string {
  if (stayNanoUsd === undefined && switchNanoUsd === undefined) return l10n.t("Stayed: its cache is warm");
  const costs = { stay: describeAmount(stayNanoUsd), switch: describeAmount(switchNanoUsd) };
  return isSimulated
    ? l10n.t("Stayed: at list prices {stay} with its cache, {switch} to switch", costs)
    : l10n.t("Stayed: about {stay} with its cache, {switch} to switch", costs);
}

function describeSwitch(
  { stayNanoUsd, switchNanoUsd }: Compared,
  model: string,
  isSimulated: boolean,
): string {
  if (stayNanoUsd === undefined && switchNanoUsd === undefined)
    return l10n.t("Switched from {model}", { model });
  const costs = { model, stay: describeAmount(stayNanoUsd), switch: describeAmount(switchNanoUsd) };
  return isSimulated
    ? l10n.t("Switched from {model}: at list prices {switch}, {stay} to stay with its cache", costs)
    : l10n.t("Switched from {model}: about {switch}, {stay} to stay with its cache", costs);
}

function describeAmount(amount: NanoUsd | undefined): string {
  return amount === undefined ? l10n.t("an unknown cost") : formatMoney(amount);
}
