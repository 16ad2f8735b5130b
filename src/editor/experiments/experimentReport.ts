import * as vscode from "vscode";
import type { ExperimentArm } from "../../contract/decision.ts";
import type { ArmResult, ExperimentResult } from "../../routing/experimentResult.ts";
import type { Route } from "../../settings/schema.ts";
import { code, prose, table } from "../reports/markdown.ts";
import { boundText, differenceText, metricName, valueText } from "./metricWords.ts";

const NAME_CHARACTERS = 200;

/** An experiment until now. */
export type Reported = {
  /** The same experiment by one or more metrics. */
  readonly results: readonly [ExperimentResult, ...ExperimentResult[]];
  /** The route that holds it; left out where none of the settings does any more. */
  readonly route?: Route;
};

type Unit = NonNullable<Route["experiment"]>["unit"];

/** All experiments as Markdown, with the figures that a person needs to see that nothing is decided yet, or that it is. */
export function experimentReport(experiments: readonly Reported[]): string {
  return [
    `# ${vscode.l10n.t("Experiments")}`,
    vscode.l10n.t(
      "Intervals are at 95% and hold however often they are looked at. An answer counts for the model that it was dealt to, whoever answered in the end.",
    ),
    ...experiments.flatMap(section),
    "",
  ].join("\n\n");
}

function section({ results, route }: Reported): readonly string[] {
  const [first] = results;
  const unit = route?.experiment?.unit;
  return [
    `## ${prose(first.name, NAME_CHARACTERS)}`,
    setUp(route),
    table(
      ["", vscode.l10n.t("Control"), vscode.l10n.t("Treatment")],
      [...modelRow(route), ...countRows(first, unit), ...results.flatMap(metricRows)],
      new Set([1, 2]),
    ),
    ...results.map((result) => `**${metricName(result.metric)}.** ${verdict(result, unit)}`),
  ];
}

function setUp(route: Route | undefined): string {
  const trial = route?.experiment;
  if (route === undefined || trial === undefined)
    return vscode.l10n.t("No route of the settings holds this experiment any more.");
  const places = {
    route: prose(route.name, NAME_CHARACTERS),
    share: `${Number((trial.treatmentShare * 100).toFixed(2))}%`,
  };
  switch (trial.unit) {
    case "conversation":
      return vscode.l10n.t("Route “{route}”. The treatment is dealt {share} of the conversations.", places);
    case "user":
      return vscode.l10n.t("Route “{route}”. The treatment is dealt {share} of the users.", places);
    case "request":
      return vscode.l10n.t("Route “{route}”. The treatment is dealt {share} of the requests.", places);
  }
}

function modelRow(route: Route | undefined): readonly string[][] {
  const trial = route?.experiment;
  return trial === undefined ? [] : [[vscode.l10n.t("Model"), code(trial.control), code(trial.treatment)]];
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

function unitName(unit: Unit | undefined): string {
  switch (unit) {
    case "conversation":
      return vscode.l10n.t("Conversations");
    case "user":
      return vscode.l10n.t("Users");
    case "request":
    case undefined:
      return vscode.l10n.t("Dealt");
  }
}

function metricRows({ metric, control, treatment }: ExperimentResult): readonly string[][] {
  const name = metricName(metric);
  const mean = ({ mean: value }: ArmResult) => (value === undefined ? "–" : valueText(metric, value));
  const interval = ({ interval: lies }: ArmResult) =>
    lies === undefined
      ? "–"
      : vscode.l10n.t("{low} to {high}", {
          low: valueText(metric, lies.low),
          high: valueText(metric, lies.high),
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
  return [difference(result), ...conclusion(result, unit)].filter((sentence) => sentence !== "").join(" ");
}

function difference({ metric, difference: found }: ExperimentResult): string {
  if (found === undefined) return "";
  const figure = differenceText(metric, found.mean);
  const { interval } = found;
  return interval === undefined
    ? vscode.l10n.t("The treatment’s difference is {figure}.", { figure })
    : vscode.l10n.t("The treatment’s difference is {figure}, 95% interval {low} to {high}.", {
        figure,
        low: boundText(metric, interval.low),
        high: boundText(metric, interval.high),
      });
}

function conclusion({ verdict: is }: ExperimentResult, unit: Unit | undefined): readonly string[] {
  const notYet = vscode.l10n.t("Not decided yet.");
  switch (is.kind) {
    case "too-few":
      return [
        notYet,
        vscode.l10n.t(
          "It takes {control} more values of the control and {treatment} more of the treatment.",
          {
            control: is.missing.control,
            treatment: is.missing.treatment,
          },
        ),
      ];
    case "undecided":
      return [
        notYet,
        vscode.l10n.t("Zero lies inside the interval, so nothing is decided."),
        ...(is.moreUnits === undefined ? [] : [whatItTakes(is.moreUnits, unit)]),
      ];
    case "different":
      return [armBetter(is.better)];
  }
}

function whatItTakes(moreUnits: number, unit: Unit | undefined): string {
  const count = { count: Number(moreUnits.toPrecision(2)).toLocaleString() };
  switch (unit) {
    case "conversation":
      return vscode.l10n.t(
        "To tell a difference as large as this it takes about {count} more conversations.",
        count,
      );
    case "user":
      return vscode.l10n.t("To tell a difference as large as this it takes about {count} more users.", count);
    case "request":
    case undefined:
      return vscode.l10n.t(
        "To tell a difference as large as this it takes about {count} more values.",
        count,
      );
  }
}

function armBetter(arm: ExperimentArm): string {
  return arm === "treatment"
    ? vscode.l10n.t("Zero lies outside the interval: by this measure the treatment does better.")
    : vscode.l10n.t("Zero lies outside the interval: by this measure the control does better.");
}
