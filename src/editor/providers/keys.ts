import * as vscode from "vscode";
import { WELL_KNOWN } from "../../models/providerConfig.ts";
import type { ProviderRegistry } from "../../providers/registry/providerRegistry.ts";
import {
  type ConfiguredProvider,
  type Environment,
  keyVariables,
} from "../../providers/registry/providerSettings.ts";
import type { Settings } from "../../settings/schema.ts";
import { registerCommands, textArgument } from "../commands.ts";
import type { SecretKeys } from "./secretKeys.ts";

export type KeyCommandsDeps = {
  readonly keys: SecretKeys;
  readonly providers: () => Promise<Pick<ProviderRegistry, "all">>;
  readonly settings: () => Settings;
  readonly environment: Environment;
};

/** Registers the commands that add and remove a provider's key. */
export function registerKeyCommands(deps: KeyCommandsDeps): vscode.Disposable {
  return registerCommands({
    addProviderKey: (provider) => addKey(deps, textArgument(provider)),
    removeProviderKey: () => removeKey(deps),
  });
}

/**
 * Warns of keys that were stored and cannot be read any more, and offers what to do. A provider whose key is in the
 * environment needs no warning.
 */
export async function warnOfLostKeys({
  keys,
  settings,
  environment,
}: Pick<KeyCommandsDeps, "keys" | "settings" | "environment">): Promise<void> {
  const lost = (await keys.lost()).filter(
    (id) => !variablesOf(id, settings()).some((name) => environment[name]),
  );
  if (lost.length === 0) return;
  await offerWaysOut(
    vscode.l10n.t("The stored key for {providers} cannot be read.", {
      providers: lost.map(nameOf).join(", "),
    }),
    lost,
    settings(),
  );
}

/** Shows what happened to keys of some providers, with the two places where a key is kept safely. */
async function offerWaysOut(event: string, ids: readonly string[], settings: Settings): Promise<void> {
  const configure = vscode.l10n.t("Configure Runtime Arguments");
  const variables = ids.flatMap((id) => variablesOf(id, settings).slice(0, 1));
  const advice = vscode.l10n.t(
    "The keyring may be missing or locked: choose one with “password-store” in the runtime arguments of VS Code and add the key again, or set the environment variable {variables}. Then restart VS Code.",
    { variables: variables.join(", ") },
  );
  const choice = await vscode.window.showWarningMessage(`${event} ${advice}`, configure);
  if (choice === configure)
    await vscode.commands.executeCommand("workbench.action.configureRuntimeArguments");
}

function nameOf(id: string): string {
  return Object.hasOwn(WELL_KNOWN, id) ? (WELL_KNOWN[id]?.name ?? id) : id;
}

/** The environment variables that may hold a provider's key; for a custom provider, the setting that names one. */
function variablesOf(id: string, settings: Settings): readonly string[] {
  const variables = keyVariables(id, settings);
  return variables.length > 0 ? variables : [`switchyard.providers.${id}.apiKeyEnv`];
}

/** Asks for a provider, unless one is given, and for its key. */
async function addKey({ keys, providers, settings }: KeyCommandsDeps, providerId?: string): Promise<void> {
  const all = await (await providers()).all();
  const provider =
    providerId === undefined
      ? await pickProvider(all)
      : { id: providerId, label: all.get(providerId)?.name ?? providerId };
  if (provider === undefined) return;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t("Key for {provider}", { provider: provider.label }),
    prompt: vscode.l10n.t("The key is stored in VS Code’s secret storage and sent to {provider} only.", {
      provider: provider.label,
    }),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^\S+$/.test(value.trim()) || value === ""
        ? undefined
        : vscode.l10n.t("A key does not contain spaces."),
  });
  if (key === undefined || key.trim() === "") return;
  if (await keys.set(provider.id, key.trim())) return;
  const event = vscode.l10n.t("The key for {provider} could not be stored.", { provider: provider.label });
  await offerWaysOut(event, [provider.id], settings());
}

/** Asks which stored key to remove, and reports the environment variable that is used instead, if any. */
async function removeKey({ keys, providers, settings, environment }: KeyCommandsDeps): Promise<void> {
  const stored = [...(await (await providers()).all()).values()].filter(
    ({ keySource }) => keySource?.kind === "stored",
  );
  if (stored.length === 0) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t("No key is stored. Keys in environment variables are not stored by Switchyard."),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(
    stored.map(({ name, config: { id } }) => ({ label: name, description: id, id })),
    {
      title: vscode.l10n.t("Remove a provider key"),
      placeHolder: vscode.l10n.t("Select a provider"),
    },
  );
  if (chosen === undefined) return;
  await keys.remove(chosen.id);
  const variable = keyVariables(chosen.id, settings()).find((name) => (environment[name] ?? "") !== "");
  if (variable === undefined) return;
  await vscode.window.showInformationMessage(
    vscode.l10n.t("{provider} now uses the key in the environment variable {variable}.", {
      provider: chosen.label,
      variable,
    }),
  );
}

async function pickProvider(
  all: ReadonlyMap<string, ConfiguredProvider>,
): Promise<(vscode.QuickPickItem & { readonly id: string }) | undefined> {
  const items = [...all.values()]
    .filter(({ config, local }) => !local && config.id !== "simulator")
    .map(({ config: { id }, name, keySource }) => ({ label: name, description: sourceText(keySource), id }));
  return vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Add a provider key"),
    placeHolder: vscode.l10n.t("Select a provider"),
    matchOnDescription: true,
  });
}

function sourceText(source: ConfiguredProvider["keySource"]): string {
  switch (source?.kind) {
    case undefined:
      return vscode.l10n.t("no key");
    case "stored":
      return vscode.l10n.t("stored key");
    case "environment":
      return vscode.l10n.t("key from {variable}", { variable: source.variable });
  }
}
