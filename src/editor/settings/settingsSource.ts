import * as vscode from "vscode";
import type { SettingProblem } from "../../settings/problem.ts";
import { readSettings, SETTING_NAMES } from "../../settings/read.ts";
import type { Settings } from "../../settings/schema.ts";

/** The settings as they are now, read from VS Code's configuration at each change of it. */
export class SettingsSource implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Settings>();
  readonly #subscription: vscode.Disposable;
  #read = readAll();

  /** Fires after the settings have changed. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration("switchyard")) return;
      this.#read = readAll();
      this.#changed.fire(this.#read.settings);
    });
  }

  get current(): Settings {
    return this.#read.settings;
  }

  get problems(): readonly SettingProblem[] {
    return this.#read.problems;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function readAll(): ReturnType<typeof readSettings> {
  const configuration = vscode.workspace.getConfiguration();
  const raw = Object.fromEntries(SETTING_NAMES.map((name) => [name, plain(configuration.get(name))]));
  return readSettings({ ...raw, "switchyard.privatePaths": privatePaths(configuration) });
}

/** The union over all scopes: a narrower one can only add. */
function privatePaths(configuration: vscode.WorkspaceConfiguration): unknown {
  const found = configuration.inspect<unknown>("switchyard.privatePaths");
  const scopes = [
    found?.globalValue ?? found?.defaultValue,
    found?.workspaceValue,
    found?.workspaceFolderValue,
  ];
  return scopes.every((value) => value === undefined || Array.isArray(value))
    ? scopes.flat().filter(isSet)
    : scopes.find(isSet);
}

function isSet(value: unknown): boolean {
  return value !== undefined;
}

/** VS Code gives objects out behind proxies that refuse to be copied; settings are JSON, so JSON copies them. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
