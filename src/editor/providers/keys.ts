import * as vscode from "vscode";
import type { ProviderRegistry } from "../../providers/registry/providerRegistry.ts";
import {
  type ConfiguredProvider,
  type KeyStore,
  keyVariables,
} from "../../providers/registry/providerSettings.ts";
import type { Settings } from "../../settings/schema.ts";
import { registerCommands, textArgument } from "../commands.ts";

const PREFIX = "switchyard.key.";

/** Provider keys in VS Code's SecretStorage, which uses the operating system's keychain. */
export class SecretKeys implements KeyStore {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(providerId: string): Promise<string | undefined> {
    return this.#secrets.get(PREFIX + providerId);
  }

  async set(providerId: string, key: string): Promise<void> {
    await this.#secrets.store(PREFIX + providerId, key);
  }

  async remove(providerId: string): Promise<void> {
    await this.#secrets.delete(PREFIX + providerId);
  }

  /** Fires when a key was added, replaced or removed in any window. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange(({ key }) => {
      if (key.startsWith(PREFIX)) listener();
    });
  }
}

export type KeyCommandsDeps = {
  readonly keys: SecretKeys;
  readonly providers: () => Promise<Pick<ProviderRegistry, "all">>;
  readonly settings: () => Settings;
};

/** Registers the commands that add and remove a provider's key. */
export function registerKeyCommands(deps: KeyCommandsDeps): vscode.Disposable {
  return registerCommands({
    addProviderKey: (provider) => addKey(deps, textArgument(provider)),
    removeProviderKey: () => removeKey(deps),
  });
}

/** Asks for a provider, unless one is given, and for its key. */
async function addKey({ keys, providers }: KeyCommandsDeps, providerId?: string): Promise<void> {
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
  await keys.set(provider.id, key.trim());
}

/** Asks which stored key to remove, and reports the environment variable that is used instead, if any. */
async function removeKey({ keys, providers, settings }: KeyCommandsDeps): Promise<void> {
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
  const variable = keyVariables(chosen.id, settings()).find((name) => (process.env[name] ?? "") !== "");
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
