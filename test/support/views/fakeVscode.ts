/** For tests: the part of `vscode` that the code under test calls, for `vi.mock`. */

export const l10n = {
  t: (message: string, places: Readonly<Record<string, unknown>> = {}): string =>
    message.replace(/\{(\w+)\}/g, (whole, name: string) => (name in places ? String(places[name]) : whole)),
};

/** The commands that were run. */
export const ran: string[] = [];

const registered = new Map<string, (argument?: unknown) => unknown>();

export const commands = {
  registerCommand: (name: string, handler: (argument?: unknown) => unknown) => {
    registered.set(name, handler);
    return { dispose: () => registered.delete(name) };
  },
  executeCommand: async (command: string, argument?: unknown): Promise<unknown> => {
    ran.push(command);
    return registered.get(command)?.(argument);
  },
};

export const QuickPickItemKind = { Separator: -1, Default: 0 } as const;

export class ThemeIcon {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

type InputBox = { readonly value?: string; readonly validateInput?: (text: string) => string | undefined };

/** What the user types into an input box (undefined cancels it), and picks from a list. */
export const user: {
  input: (box: InputBox) => string | undefined;
  /** Picks one of the items; undefined cancels the list. */
  pick: <T extends { readonly label: string }>(items: readonly T[]) => T | undefined;
} = { input: () => undefined, pick: () => undefined };

/** The messages that were shown. */
export const messages: string[] = [];

export const window = {
  showInputBox: async (box: InputBox): Promise<string | undefined> => user.input(box),
  showQuickPick: async <T extends { readonly label: string }>(items: readonly T[]): Promise<T | undefined> =>
    user.pick(items),
  showInformationMessage: async (message: string): Promise<undefined> => {
    messages.push(message);
    return undefined;
  },
  showWarningMessage: async (message: string): Promise<undefined> => {
    messages.push(message);
    return undefined;
  },
};

/** A setting's values by scope, as `inspect` returns them. */
export type ScopedValues = {
  readonly defaultValue?: unknown;
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
};

/** The configuration: the values of settings by their full names. */
export const configuration = new Map<string, ScopedValues>();

export const workspace = {
  isTrusted: true,
  onDidChangeConfiguration: () => ({ dispose: () => {} }),
  onDidGrantWorkspaceTrust: () => ({ dispose: () => {} }),
  getConfiguration: (section = "") => {
    const fullName = (name: string) => (section === "" ? name : `${section}.${name}`);
    // As in VS Code, `inspect` leaves out a null of the user's settings, which `get` returns.
    const inspect = (name: string): ScopedValues | undefined => {
      const values = configuration.get(fullName(name));
      return values?.globalValue === null ? { ...values, globalValue: undefined } : values;
    };
    const get = (name: string): unknown => {
      const { defaultValue, globalValue, workspaceValue, workspaceFolderValue } =
        configuration.get(fullName(name)) ?? {};
      const values = [workspaceFolderValue, workspaceValue, globalValue, defaultValue];
      return values.find((value) => value !== undefined);
    };
    const names = [...configuration.keys()].map((name) => name.slice(section.length + 1));
    return {
      // VS Code returns all values of a section, also those that no extension declares.
      ...Object.fromEntries(names.filter((name) => !name.includes(".")).map((name) => [name, get(name)])),
      inspect,
      get,
      update: async (name: string, globalValue: unknown): Promise<void> => {
        configuration.set(fullName(name), { ...inspect(name), globalValue });
      },
    };
  },
};

export const Disposable = {
  from: (...disposables: readonly { dispose(): void }[]) => ({
    dispose: () => {
      for (const disposable of disposables) disposable.dispose();
    },
  }),
};

export const ConfigurationTarget = { Global: 1 };

export class EventEmitter {
  readonly event = () => ({ dispose: () => {} });
  fire(): void {}
  dispose(): void {}
}

export class MarkdownString {
  value = "";
  isTrusted: unknown;
  supportHtml = false;

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
}

/** The storage of a workspace, as VS Code keeps it: what is stored survives as JSON. */
export class Memento {
  readonly #stored = new Map<string, string>();

  keys(): readonly string[] {
    return [...this.#stored.keys()];
  }

  get(key: string, other?: unknown): unknown {
    const json = this.#stored.get(key);
    return json === undefined ? other : JSON.parse(json);
  }

  async update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.#stored.delete(key);
    else this.#stored.set(key, JSON.stringify(value));
  }
}

export const env = { language: "en" };

export const Uri = {
  joinPath: (base: string, ...segments: readonly string[]): string => [base, ...segments].join("/"),
};
