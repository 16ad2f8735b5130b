import * as vscode from "vscode";
import type { ExperimentMetric } from "../../contract/history.ts";
import { nanoUsd } from "../../contract/money.ts";
import { formatDuration, formatMoney } from "../../explain/format.ts";

/** What a metric measures, as a row's name. */
export function metricName(metric: ExperimentMetric): string {
  switch (metric) {
    case "thumbs":
      return vscode.l10n.t("Answers liked");
    case "costUsd":
      return vscode.l10n.t("Cost of an answer");
    case "latencyMs":
      return vscode.l10n.t("Time of an answer");
  }
}

/** A mean of it. */
export function valueText(metric: ExperimentMetric, value: number): string {
  switch (metric) {
    case "thumbs":
      return `${(value * 100).toFixed(1)}%`;
    case "costUsd":
      return signed(value, (size) => formatMoney(nanoUsd(size)), "");
    case "latencyMs":
      return signed(value, formatDuration, "");
  }
}

/** A difference of two means, with its sign. */
export function differenceText(metric: ExperimentMetric, value: number): string {
  switch (metric) {
    case "thumbs":
      return vscode.l10n.t("{figure} points", { figure: pointsText(value) });
    case "costUsd":
      return signed(value, (size) => formatMoney(nanoUsd(size)), "+");
    case "latencyMs":
      return signed(value, formatDuration, "+");
  }
}

/** An end of a difference's interval: as the difference, its unit being named before. */
export function boundText(metric: ExperimentMetric, value: number): string {
  return metric === "thumbs" ? pointsText(value) : differenceText(metric, value);
}

function pointsText(share: number): string {
  return signed(share * 100, (size) => size.toFixed(1), "+");
}

/** With a minus sign as long as a plus. */
function signed(value: number, text: (size: number) => string, plus: "" | "+"): string {
  const size = text(Math.abs(value));
  return value < 0 ? `−${size}` : value > 0 ? plus + size : size;
}
