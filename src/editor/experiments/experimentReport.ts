import * as vscode from "vscode";
import type { ExperimentArm } from "../../contract/decision.ts";
import type { ExperimentMetric } from "../../contract/history.ts";
import { nanoUsd } from "../../contract/money.ts";
import { formatDuration, formatMoney } from "../../explain/format.ts";
import type { ArmResult, ExperimentResult } from "../../routing/experiments/result.ts";
import type { Route } from "../../settings/schema.ts";
import { cellText, codeCell, table } from "../reports/markdown.ts";

const NAME_CHARACTERS = 200;

/** The results of one experiment so far. */
export type ExperimentReport = {
  /** One for each metric. */
  readonly results: readonly [ExperimentResult, ...ExperimentResult[]];
  /** The route with the experiment; undefined where the settings have none any more. */
  readonly route: Route | undefined;
};

type Unit = NonNullable<Route["experiment"]>["unit"];

/** Returns all experiments as Markdown, with the figures that show whether a difference is decided. */
export function experimentsReport(experiments: readonly ExperimentReport[]): string {
  return [
    `# ${vscode.l10n.t("Experiments")}`,
    vscode.l10n.t(
      "Intervals have 95% confidence, and stay valid however often you look at them. An answer counts for the model it was assigned to, even if another model answered in the end.",
    ),
    ...experiments.flatMap(section),
    "",
  ].join("\n\n");
}

function section({ results, route }: ExperimentReport): readonly string[] {
  const [first] = results;
  const unit = route?.experiment?.unit;
  return [
    `## ${cellText(first.name, NAME_CHARACTERS)}`,
    setup(route),
    table(
      ["", vscode.l10n.t("Control"), vscode.l10n.t("Treatment")],
      [...modelRow(route), ...countRows(first, unit), ...results.flatMap(metricRows)],
      new Set([1, 2]),
    ),
    ...results.map((result) => `**${metricName(result.metric)}.** ${verdict(result, unit)}`),
  ];
}

function setup(route: Route | undefined): string {
  const experiment = route?.experiment;
  if (route === undefined || experiment === undefined)
    return vscode.l10n.t("No route in the settings has this experiment any more.");
  const places = {
    route: cellText(route.name, NAME_CHARACTERS),
    share: `${Number((experiment.treatmentShare * 100).toFixed(2))}%`,
  };
  switch (experiment.unit) {
    case "conversation":
      return vscode.l10n.t("Route “{route}”. {share} of the conversations get the treatment.", places);
    case "user":
      return vscode.l10n.t("Route “{route}”. {share} of the users get the treatment.", places);
    case "request":
      return vscode.l10n.t("Route “{route}”. {share} of the requests get the treatment.", places);
  }
}

function modelRow(route: Route | undefined): readonly string[][] {
  const experiment = route?.experiment;
  if (experiment === undefined) return [];
  return [[vscode.l10n.t("Model"), codeCell(experiment.control), codeCell(experiment.treatment)]];
}

function countRows({ control, treatment }: ExperimentResult, unit: Unit | undefined): readonly string[][] {
  const row = (name: string, count: (arm: ArmResult) => number) => [
    name,
    count(control).toLocaleString(),
    count(treatment).toLocaleString(),
  ];
  return [
    ...(unit === "request" ? [] : [row(unitName(unit), ({ units }) => units)]),
    row(vscode.l10n.t("Answers"), ({ decisions }) => decisions),
    row(vscode.l10n.t("Failed"), ({ failures }) => failures),
    row(vscode.l10n.t("Answered by another model"), ({ fallbacks }) => fallbacks),
  ];
}

function unitName(unit: Exclude<Unit, "request"> | undefined): string {
  switch (unit) {
    case "conversation":
      return vscode.l10n.t("Conversations");
    case "user":
      return vscode.l10n.t("Users");
    case undefined:
      return vscode.l10n.t("Units");
  }
}

function metricRows({ metric, control, treatment }: ExperimentResult): readonly string[][] {
  const name = metricName(metric);
  const mean = (arm: ArmResult) => (arm.mean === undefined ? "–" : formatMean(metric, arm.mean));
  const interval = (arm: ArmResult) =>
    arm.interval === undefined
      ? "–"
      : vscode.l10n.t("{low} to {high}", {
          low: formatMean(metric, arm.interval.low),
          high: formatMean(metric, arm.interval.high),
        });
  return [
    [name, mean(control), mean(treatment)],
    [vscode.l10n.t("{measure}: 95% interval", { measure: name }), interval(control), interval(treatment)],
    [
      vscode.l10n.t("{measure}: values", { measure: name }),
      control.measured.toLocaleString(),
      treatment.measured.toLocaleString(),
    ],
  ];
}

function verdict(result: ExperimentResult, unit: Unit | undefined): string {
  return [...difference(result), ...conclusion(result, unit)].join(" ");
}

function difference({ metric, difference: found }: ExperimentResult): readonly string[] {
  if (found === undefined) return [];
  const figure = formatDifference(metric, found.mean);
  const { interval } = found;
  return [
    interval === undefined
      ? vscode.l10n.t("The treatment’s difference is {figure}.", { figure })
      : vscode.l10n.t("The treatment’s difference is {figure}, 95% interval {low} to {high}.", {
          figure,
          low: formatBound(metric, interval.low),
          high: formatBound(metric, interval.high),
        }),
  ];
}

function conclusion({ verdict: found }: ExperimentResult, unit: Unit | undefined): readonly string[] {
  const undecided = vscode.l10n.t("Not decided yet.");
  switch (found.kind) {
    case "too-few":
      return [
        undecided,
        vscode.l10n.t(
          "{control} more values of the control and {treatment} more of the treatment are needed.",
          {
            control: found.missing.control,
            treatment: found.missing.treatment,
          },
        ),
      ];
    case "undecided":
      return [
        undecided,
        vscode.l10n.t("Zero lies inside the interval, so nothing is decided."),
        ...(found.moreUnits === undefined ? [] : [unitsNeeded(found.moreUnits, unit)]),
      ];
    case "different":
      return [betterArm(found.better)];
  }
}

function unitsNeeded(moreUnits: number, unit: Unit | undefined): string {
  const count = { count: Number(moreUnits.toPrecision(2)).toLocaleString() };
  switch (unit) {
    case "conversation":
      return vscode.l10n.t(
        "Deciding a difference of this size takes about {count} more conversations.",
        count,
      );
    case "user":
      return vscode.l10n.t("Deciding a difference of this size takes about {count} more users.", count);
    case "request":
    case undefined:
      return vscode.l10n.t("Deciding a difference of this size takes about {count} more values.", count);
  }
}

function betterArm(arm: ExperimentArm): string {
  return arm === "treatment"
    ? vscode.l10n.t("Zero lies outside the interval: by this measure the treatment is better.")
    : vscode.l10n.t("Zero lies outside the interval: by this measure the control is better.");
}

function metricName(metric: ExperimentMetric): string {
  switch (metric) {
    case "thumbs":
      return vscode.l10n.t("Answers liked");
    case "kept":
      return vscode.l10n.t("Edits kept");
    case "costUsd":
      return vscode.l10n.t("Cost of an answer");
    case "latencyMs":
      return vscode.l10n.t("Time of an answer");
  }
}

function formatMean(metric: ExperimentMetric, value: number): string {
  switch (metric) {
    case "thumbs":
    case "kept":
      return `${(value * 100).toFixed(1)}%`;
    case "costUsd":
      return signed(value, (size) => formatMoney(nanoUsd(size)), "");
    case "latencyMs":
      return signed(value, formatDuration, "");
  }
}

function formatDifference(metric: ExperimentMetric, value: number): string {
  switch (metric) {
    case "thumbs":
    case "kept":
      return vscode.l10n.t("{figure} points", { figure: formatPoints(value) });
    case "costUsd":
      return signed(value, (size) => formatMoney(nanoUsd(size)), "+");
    case "latencyMs":
      return signed(value, formatDuration, "+");
  }
}

/** Formats an end of a difference's interval. The unit of points is not repeated. */
function formatBound(metric: ExperimentMetric, value: number): string {
  return metric === "thumbs" || metric === "kept" ? formatPoints(value) : formatDifference(metric, value);
}

function formatPoints(share: number): string {
  return signed(share * 100, (size) => size.toFixed(1), "+");
}

/** Formats a figure with a minus sign that is as wide as a plus sign. */
function signed(value: number, format: (size: number) => string, plus: "" | "+"): string {
  const size = format(Math.abs(value));
  return value < 0 ? `−${size}` : value > 0 ? plus + size : size;
}
