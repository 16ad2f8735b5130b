import * as vscode from "vscode";
import type { ProviderRegistry } from "../../providers/registry/providerRegistry.ts";
import type { Settings } from "../../settings/schema.ts";
import { registerCommands } from "../commands.ts";

export type LocalModelsDeps = {
  readonly providers: () => Promise<Pick<ProviderRegistry, "findLocalServers">>;
  readonly settings: () => Settings;
};

/** Registers the command that looks for local model servers. */
export function registerLocalModelCommands(deps: LocalModelsDeps): vscode.Disposable {
  return registerCommands({ findLocalModels: () => findLocalModels(deps) });
}

/** Looks for Ollama and LM Studio at their usual addresses, and adds those found to `switchyard.providers`. */
async function findLocalModels({ providers, settings }: LocalModelsDeps): Promise<void> {
  const configured = settings().providers;
  const found = await vscode.window.withProgress({ location: { viewId: "switchyard.chat" } }, async () =>
    (await providers()).findLocalServers(),
  );
  const added = found.filter(({ id }) => configured[id] === undefined);
  if (added.length > 0) await addProviders(added.map(({ id }) => id));
  const servers = found.map(({ name, models }) =>
    vscode.l10n.t("{provider} ({count} models)", { provider: name, count: models }),
  );
  await vscode.window.showInformationMessage(
    found.length === 0
      ? vscode.l10n.t(
          "Neither Ollama nor LM Studio is running on this machine. Start one of them, or add your server to the setting “switchyard.providers”.",
        )
      : vscode.l10n.t("Found on this machine: {servers}", { servers: servers.join(", ") }),
  );
}

/** Adds providers with their defaults to the user's settings. */
async function addProviders(ids: readonly string[]): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const existing = configuration.inspect<Record<string, unknown>>("switchyard.providers")?.globalValue ?? {};
  const added = Object.fromEntries(ids.map((id) => [id, {}]));
  await configuration.update(
    "switchyard.providers",
    { ...existing, ...added },
    vscode.ConfigurationTarget.Global,
  );
}
