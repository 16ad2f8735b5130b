import * as vscode from "vscode";
import type { ExperimentCounts, ExperimentMetric, History } from "../../contract/history.ts";
import { experimentResult } from "../../routing/experimentResult.ts";
import type { Route, Settings } from "../../settings/schema.ts";
import type { VirtualDocuments } from "../reports/reportDocuments.ts";
import { openSetting } from "../settings/settingProblems.ts";
import { experimentReport, type Reported } from "./experimentReport.ts";

type Remembered = Pick<History, "experiments" | "experimentValues">;

const METRICS = ["thumbs", "costUsd", "latencyMs"] as const satisfies readonly ExperimentMetric[];

/** Shows what every experiment says until now, in a document; without any, how to set one up. */
export async function showExperiments(
  history: Remembered,
  { routes }: Settings,
  documents: VirtualDocuments,
): Promise<void> {
  const known = await history.experiments();
  if (known.length === 0) return tellThereIsNone(routes);
  const reported: Reported[] = [];
  for (const counts of known) {
    const route = routes.find(({ experiment }) => experiment?.name === counts.name);
    reported.push(await reportedOf(history, counts, route));
  }
  await documents.show(vscode.l10n.t("Experiments"), experimentReport(reported));
}

/** By the metric that decides; by all of them where no route of the settings says which that is. */
async function reportedOf(
  history: Remembered,
  counts: ExperimentCounts,
  route: Route | undefined,
): Promise<Reported> {
  const resultBy = async (metric: ExperimentMetric) =>
    experimentResult(counts, metric, await history.experimentValues(counts.name, metric));
  const metric = route?.experiment?.metric;
  const [first, ...others] = metric === undefined ? METRICS : [metric];
  const rest = await Promise.all(others.map(resultBy));
  return { results: [await resultBy(first), ...rest], ...(route === undefined ? {} : { route }) };
}

async function tellThereIsNone(routes: readonly Route[]): Promise<void> {
  const waiting = routes.find(({ experiment }) => experiment !== undefined);
  const edit = vscode.l10n.t("Edit routes");
  const words =
    waiting?.experiment === undefined
      ? vscode.l10n.t(
          "There is no experiment. Give a route an “experiment”, and it tries one of its models against another.",
        )
      : vscode.l10n.t(
          "The experiment “{name}” has no answers yet. It begins with the next prompt of the route “{route}”.",
          { name: waiting.experiment.name, route: waiting.name },
        );
  if ((await vscode.window.showInformationMessage(words, edit)) === edit)
    await openSetting("switchyard.routes");
}
