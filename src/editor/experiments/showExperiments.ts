import * as vscode from "vscode";
import type { ExperimentCounts, ExperimentMetric, History } from "../../contract/history.ts";
import { experimentResult } from "../../routing/experiments/result.ts";
import type { Route, Settings } from "../../settings/schema.ts";
import type { ReportDocuments } from "../reports/reportDocuments.ts";
import { openSetting } from "../settings/settingProblems.ts";
import { type ExperimentReport, experimentsReport } from "./experimentReport.ts";

type ExperimentHistory = Pick<History, "experiments" | "experimentValues">;

const METRICS = ["thumbs", "kept", "costUsd", "latencyMs"] as const satisfies readonly ExperimentMetric[];

/** Shows the results of all experiments so far in a document. Without results, it shows how to start an experiment. */
export async function showExperiments(
  history: ExperimentHistory,
  { routes }: Settings,
  documents: ReportDocuments,
): Promise<void> {
  const known = await history.experiments();
  if (known.length === 0) return showHowToStart(routes);
  const reports: ExperimentReport[] = [];
  for (const counts of known) {
    const route = routes.find(({ experiment }) => experiment?.name === counts.name);
    reports.push(await reportOf(history, counts, route));
  }
  await documents.show(vscode.l10n.t("Experiments"), experimentsReport(reports));
}

/** Uses the metric of the route, or all metrics where no route has the experiment any more. */
async function reportOf(
  history: ExperimentHistory,
  counts: ExperimentCounts,
  route: Route | undefined,
): Promise<ExperimentReport> {
  const resultBy = async (metric: ExperimentMetric) =>
    experimentResult(counts, metric, await history.experimentValues(counts.name, metric));
  const metric = route?.experiment?.metric;
  const [first, ...others] = metric === undefined ? METRICS : [metric];
  return { results: [await resultBy(first), ...(await Promise.all(others.map(resultBy)))], route };
}

async function showHowToStart(routes: readonly Route[]): Promise<void> {
  const configured = routes.find(({ experiment }) => experiment !== undefined);
  const edit = vscode.l10n.t("Edit Routes");
  const message =
    configured?.experiment === undefined
      ? vscode.l10n.t(
          "There are no experiments. Add an “experiment” to a route to compare two of its models.",
        )
      : vscode.l10n.t(
          "The experiment “{name}” has no answers yet. It starts with the next prompt of the route “{route}”.",
          { name: configured.experiment.name, route: configured.name },
        );
  if ((await vscode.window.showInformationMessage(message, edit)) === edit)
    await openSetting("switchyard.routes");
}
