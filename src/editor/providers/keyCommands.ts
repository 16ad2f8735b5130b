import * as vscode from "vscode";
import type { Connection, Connections } from "../../providers/connections.ts";
import { keyVariables } from "../../providers/keys.ts";
import type { Settings } from "../../settings/schema.ts";
import type { SecretKeys } from "./secretKeys.ts";

type ProviderItem = vscode.QuickPickItem & { readonly id: string; readonly name: string };

/** The commands that add and remove a provider's key. */
export class KeyCommands {
  readonly #keys: SecretKeys;
  readonly #connections: Connections;
  readonly #settings: () => Settings;

  constructor(keys: SecretKeys, connections: Connections, settings: () => Settings) {
    this.#keys = keys;
    this.#connections = connections;
    this.#settings = settings;
  }

  /** Asks for a provider (unless it is given) and its key. */
  async add(providerId?: string): Promise<void> {
    const all = await this.#connections.all();
    const chosen =
      providerId === undefined
        ? await this.#pick(all)
        : { id: providerId, name: all.get(providerId)?.name ?? providerId };
    if (chosen === undefined) return;
    const key = await vscode.window.showInputBox({
      title: vscode.l10n.t("{provider}: key", { provider: chosen.name }),
      prompt: vscode.l10n.t("The key is kept in VS Code’s secret storage and sent to {provider} alone.", {
        provider: chosen.name,
      }),
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) =>
        /^\S+$/.test(value.trim()) || value === "" ? undefined : vscode.l10n.t("A key has no spaces."),
    });
    if (key === undefined || key.trim() === "") return;
    await this.#keys.set(chosen.id, key.trim());
  }

  /** Asks which stored key to remove, and says what serves instead, if anything does. */
  async remove(): Promise<void> {
    const all = await this.#connections.all();
    const stored = [...all.values()].filter(({ keySource }) => keySource?.kind === "stored");
    if (stored.length === 0) {
      await vscode.window.showInformationMessage(
        vscode.l10n.t("No key is stored. Keys in the environment are not Switchyard’s to remove."),
      );
      return;
    }
    const chosen = await vscode.window.showQuickPick(
      stored.map((connection) => ({
        label: connection.name,
        description: connection.config.id,
        id: connection.config.id,
      })),
      { title: vscode.l10n.t("Remove a key"), placeHolder: vscode.l10n.t("Whose key?") },
    );
    if (chosen === undefined) return;
    await this.#keys.remove(chosen.id);
    const variable = keyVariables(chosen.id, this.#settings()).find(
      (name) => (process.env[name] ?? "") !== "",
    );
    if (variable === undefined) return;
    await vscode.window.showInformationMessage(
      vscode.l10n.t("{provider} is now asked with the key of the environment, {variable}.", {
        provider: chosen.label,
        variable,
      }),
    );
  }

  async #pick(all: ReadonlyMap<string, Connection>): Promise<ProviderItem | undefined> {
    const items = [...all.values()]
      .filter(({ config, local }) => !local && config.id !== "simulator")
      .map(
        ({ config, name, keySource }): ProviderItem => ({
          label: name,
          description: sourceText(keySource),
          id: config.id,
          name,
        }),
      );
    return vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Add a provider key"),
      placeHolder: vscode.l10n.t("Whose key?"),
      matchOnDescription: true,
    });
  }
}

function sourceText(source: Connection["keySource"]): string {
  switch (source?.kind) {
    case undefined:
      return vscode.l10n.t("no key");
    case "stored":
      return vscode.l10n.t("stored key");
    case "environment":
      return vscode.l10n.t("key from {variable}", { variable: source.variable });
  }
}
