import type * as vscode from "vscode";
import type { History } from "../../contract/history.ts";
import type { Settings } from "../../settings/schema.ts";
import { registerCommands } from "../commands.ts";
import type { TryRoutesDeps } from "../tryRoutes/tryRoutes.ts";

export type ReportCommandsDeps = TryRoutesDeps & {
  readonly history: () => Promise<History>;
  readonly settings: () => Settings;
};

/** Registers the commands that show a report. Their code is loaded when they are first used. */
export function registerReportCommands(deps: ReportCommandsDeps): vscode.Disposable {
  return registerCommands({
    tryRoutes: async () => {
      const { tryRoutes } = await import("../tryRoutes/tryRoutes.ts");
      await tryRoutes(deps);
    },
    showExperiments: async () => {
      const { showExperiments } = await import("../experiments/showExperiments.ts");
      await showExperiments(await deps.history(), deps.settings(), deps.documents);
    },
  });
}
