import * as vscode from "vscode";
import type { Connections } from "../../providers/connections.ts";
import type { Settings } from "../../settings/schema.ts";

/** Looks for Ollama and LM Studio at their usual addresses, and adds what it finds to `switchyard.providers`. */
export async function findLocalModels(settings: () => Settings, connections: Connections): Promise<void> {
  const known = settings().providers;
  const found = await vscode.window.withProgress({ location: { viewId: "switchyard.chat" } }, () =>
    connections.probeLocal(),
  );
  const fresh = found.filter(({ id }) => known[id] === undefined);
  if (fresh.length > 0) {
    const added = Object.fromEntries(fresh.map(({ id }) => [id, {}]));
    const configuration = vscode.workspace.getConfiguration();
    const own = configuration.inspect<Record<string, unknown>>("switchyard.providers")?.globalValue ?? {};
    await configuration.update(
      "switchyard.providers",
      { ...own, ...added },
      vscode.ConfigurationTarget.Global,
    );
  }
  const names = found.map(({ name, models }) =>
    vscode.l10n.t("{provider} ({count} models)", { provider: name, count: models }),
  );
  await vscode.window.showInformationMessage(
    found.length === 0
      ? vscode.l10n.t(
          "Neither Ollama nor LM Studio answers on this machine. Start one of them, or name your server in the setting “switchyard.providers”.",
        )
      : vscode.l10n.t("Found on this machine: {servers}", { servers: names.join(", ") }),
  );
}
