import * as vscode from "vscode";
import { readSettings, SETTING_NAMES, type SettingsRead } from "../../settings/read.ts";
import type { Settings } from "../../settings/schema.ts";
import { withEveryScope } from "./unionOfScopes.ts";

const SECTION = "switchyard";

/** The settings as they are now, read from VS Code's configuration at each change of it. */
export class SettingsSource implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Settings>();
  readonly #subscription: vscode.Disposable;
  #read: SettingsRead | undefined;

  /** Fires after the settings have changed. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(SECTION)) return;
      this.#read = undefined;
      this.#changed.fire(this.current);
    });
  }

  get current(): Settings {
    return this.read.settings;
  }

  /** As read, with what is wrong in them. */
  get read(): SettingsRead {
    this.#read ??= readAll();
    return this.#read;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function readAll(): SettingsRead {
  // By section: VS Code copies all that it hands out, and the whole configuration is large.
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const raw = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, plain(configuration.get(withinSection(name)))]),
  );
  const mistyped = Object.fromEntries(mistypedNames(configuration).map((name) => [name, true]));
  const privatePaths = plain(withEveryScope(configuration.inspect<unknown>("privatePaths")));
  return readSettings({ ...mistyped, ...raw, "switchyard.privatePaths": privatePaths });
}

function withinSection(name: string): string {
  return name.slice(SECTION.length + 1);
}

/** Names under `switchyard` that no setting has: VS Code hands them out like any other. */
function mistypedNames(configuration: vscode.WorkspaceConfiguration): readonly string[] {
  const known = new Set<string>(SETTING_NAMES);
  const namesIn = (value: unknown, name: string): readonly string[] => {
    if (known.has(name)) return [];
    const leadsOn = SETTING_NAMES.some((each) => each.startsWith(`${name}.`));
    if (!leadsOn) return [name];
    if (typeof value !== "object" || value === null) return [name];
    return Object.entries(value).flatMap(([key, inside]) => namesIn(inside, `${name}.${key}`));
  };
  return Object.entries(configuration).flatMap(([key, value]) =>
    typeof value === "function" ? [] : namesIn(plain(value), `${SECTION}.${key}`),
  );
}

/** VS Code gives objects out behind proxies that refuse to be copied; settings are JSON, so JSON copies them. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
