import * as vscode from "vscode";
import { readSettings, type SettingsRead } from "../../settings/read.ts";
import { SETTING_NAMES, SETTINGS, type Settings } from "../../settings/schema.ts";
import type { Setting } from "../../settings/values.ts";

const SECTION = "switchyard";

/** The current settings, read from VS Code's configuration whenever it changes. */
export class SettingsSource implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Settings>();
  readonly #subscription: vscode.Disposable;
  #read: SettingsRead | undefined;
  #current: Settings | undefined;

  /** Fires after the settings have changed. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    const readAgain = (): void => {
      this.#read = undefined;
      this.#current = undefined;
      this.#changed.fire(this.current);
    };
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SECTION)) readAgain();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(readAgain),
    );
  }

  /** The current settings. In Restricted Mode no command runs, so that no decision may count on the verify command. */
  get current(): Settings {
    this.#current ??= vscode.workspace.isTrusted
      ? this.read.settings
      : withoutVerifyCommand(this.read.settings);
    return this.#current;
  }

  /** The current settings with their problems, as they are set. */
  get read(): SettingsRead {
    this.#read ??= readConfiguration();
    return this.#read;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function withoutVerifyCommand(settings: Settings): Settings {
  return { ...settings, verify: { ...settings.verify, command: "" } };
}

function readConfiguration(): SettingsRead {
  // Only this section: VS Code copies whatever it returns, and the whole configuration is large.
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const raw = Object.fromEntries(
    [...SETTINGS].map(([name, setting]) => [name, plainJson(permittedValue(name, setting, configuration))]),
  );
  const unknown = Object.fromEntries(unknownValues(configuration));
  const privatePaths = plainJson(unionOfScopes(configuration.inspect<unknown>("privatePaths")));
  return readSettings({ ...unknown, ...raw, "switchyard.privatePaths": privatePaths });
}

/**
 * A setting's value, without those of scopes that may not set it. VS Code removes these too; a budget and an address must
 * not depend on how it does so.
 */
function permittedValue(
  name: string,
  { scope, restricted = false }: Setting,
  configuration: vscode.WorkspaceConfiguration,
): unknown {
  const key = name.slice(SECTION.length + 1);
  if (scope === "window" && (vscode.workspace.isTrusted || !restricted)) return configuration.get(key);
  const { globalValue, defaultValue, workspaceValue, workspaceFolderValue } =
    configuration.inspect<unknown>(key) ?? {};
  const isUsers = workspaceValue === undefined && workspaceFolderValue === undefined;
  // `inspect` leaves out the user's null, which means “no limit” in a budget.
  if (isUsers && configuration.get(key) === null) return null;
  return globalValue ?? defaultValue;
}

/** The values in the section that are of no setting: VS Code returns misspelt settings like any other. */
function unknownValues(
  configuration: vscode.WorkspaceConfiguration,
): readonly (readonly [name: string, value: unknown])[] {
  const valuesIn = (value: unknown, name: string): readonly (readonly [string, unknown])[] => {
    if (SETTINGS.has(name)) return [];
    const isGroup = SETTING_NAMES.some((each) => each.startsWith(`${name}.`));
    if (!isGroup || typeof value !== "object" || value === null) return [[name, value]];
    return Object.entries(value).flatMap(([key, inside]) => valuesIn(inside, `${name}.${key}`));
  };
  return Object.entries(configuration).flatMap(([key, value]) =>
    typeof value === "function" ? [] : valuesIn(plainJson(value), `${SECTION}.${key}`),
  );
}

/**
 * Copies a value: VS Code returns objects as proxies that `structuredClone` rejects. A value that cannot be copied, such
 * as one that is nested too deep, stays for the validation to report.
 */
function plainJson(value: unknown): unknown {
  if (value === undefined) return undefined;
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return value;
  }
}

/** A setting's values by scope, as `WorkspaceConfiguration.inspect` returns them. */
type ScopedValues = {
  readonly defaultValue?: unknown;
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
};

/**
 * Returns the entries of a list from all scopes, the widest scope first: a narrower scope can add entries and cannot
 * remove any. The user's own list replaces the default if it is empty or has a valid entry. A text counts as a list of
 * one. Any other value becomes an entry, so that validation reports it and the valid entries stay.
 */
function unionOfScopes(values: ScopedValues | undefined): readonly unknown[] {
  const { defaultValue, globalValue, workspaceValue, workspaceFolderValue } = values ?? {};
  const replacesDefault = Array.isArray(globalValue)
    ? globalValue.length === 0 || globalValue.some(isValidEntry)
    : isValidEntry(globalValue);
  return [
    ...(replacesDefault ? [] : entriesOf(defaultValue)),
    ...entriesOf(globalValue),
    ...entriesOf(workspaceValue),
    ...entriesOf(workspaceFolderValue),
  ];
}

function entriesOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  // Within a list of its own, it is no valid entry: validation reports it, and finds the patterns in it.
  const isSeveral = typeof value === "string" && /[,;\n]/.test(value);
  return isSeveral ? [[value]] : [value];
}

function isValidEntry(entry: unknown): boolean {
  return typeof entry === "string" && entry !== "";
}
