/** For tests: a workspace in memory as `vscode` gives access to it, for `vi.mock`. */
import picomatch from "picomatch";
import { l10n as fakeL10n } from "./fakeVscode.ts";

export const l10n = fakeL10n;

type UriParts = {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
};

export class Uri implements UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;

  private constructor({ scheme, authority, path, query, fragment }: UriParts) {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.query = query;
    this.fragment = fragment;
  }

  static parse(text: string): Uri {
    const [, scheme = "", authority = "", path = "", query = "", fragment = ""] =
      /^([\w.+-]+):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text) ?? [];
    return new Uri({ scheme, authority, path: decodeURIComponent(path), query, fragment });
  }

  static file(path: string): Uri {
    return new Uri({ scheme: "file", authority: "", path, query: "", fragment: "" });
  }

  static joinPath(base: Uri, ...segments: readonly string[]): Uri {
    return base.with({ path: [base.path.replace(/\/$/, ""), ...segments].join("/") });
  }

  get fsPath(): string {
    return this.path;
  }

  with(change: Partial<UriParts>): Uri {
    const { scheme, authority, path, query, fragment } = this;
    return new Uri({ scheme, authority, path, query, fragment, ...change });
  }

  toString(): string {
    const { scheme, authority, path, query, fragment } = this;
    const before = scheme === "untitled" ? `${scheme}:` : `${scheme}://${authority}`;
    return `${before}${encodeURI(path)}${query && `?${query}`}${fragment && `#${fragment}`}`;
  }
}

export class Position {
  readonly line: number;
  readonly character: number;

  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(start: Position, end: Position);
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number);
  constructor(start: Position | number, end: Position | number, endLine = 0, endCharacter = 0) {
    this.start = typeof start === "number" ? new Position(start, Number(end)) : start;
    this.end = typeof end === "number" ? new Position(endLine, endCharacter) : end;
  }
}

export class RelativePattern {
  readonly baseUri: Uri;
  readonly pattern: string;

  constructor(baseUri: Uri, pattern: string) {
    this.baseUri = baseUri;
    this.pattern = pattern;
  }
}

export const FileType = { File: 1, Directory: 2, SymbolicLink: 64 } as const;
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 } as const;

export type Document = {
  readonly uri: Uri;
  readonly languageId: string;
  readonly lineCount: number;
  getText(range?: Range): string;
  lineAt(line: number): { readonly text: string };
};

/** Returns a document as an editor shows it. */
export function documentOf(uri: Uri, text: string): Document {
  const lines = text.split("\n");
  return {
    uri,
    languageId: "typescript",
    lineCount: lines.length,
    getText: (range) => {
      if (range === undefined) return text;
      const { start, end } = range;
      const picked = lines.slice(start.line, end.line + 1);
      const last = picked.length - 1;
      return picked
        .map((line, index) => (index === last ? line.slice(0, end.character) : line))
        .map((line, index) => (index === 0 ? line.slice(start.character) : line))
        .join("\n");
    },
    lineAt: (line) => ({ text: lines[line] ?? "" }),
  };
}

type Folder = { readonly uri: Uri; readonly name: string; readonly index: number };
type Diagnostic = {
  readonly message: string;
  readonly severity: number;
  readonly range: Range;
  readonly source?: string;
  readonly code?: string | number;
};

/** What the workspace has; tests change it. */
export const state = {
  folders: [] as Folder[],
  /** Texts by the strings of URIs. */
  files: new Map<string, string>(),
  /** Which of the files are links, by the strings of their URIs. */
  links: new Set<string>(),
  diagnostics: new Map<string, readonly Diagnostic[]>(),
  /** Values of settings by their full names. */
  settings: new Map<string, unknown>(),
  /** The API of the built-in Git extension; undefined: it is turned off. */
  git: undefined as unknown,
};

export function setFolders(...uris: readonly string[]): void {
  state.folders = uris.map((uri, index) => {
    const parsed = Uri.parse(uri);
    return { uri: parsed, name: parsed.path.slice(parsed.path.lastIndexOf("/") + 1), index };
  });
}

type Listener = (event: never) => void;

/** The listeners of the terminals' events. */
export const terminalListeners: Record<"start" | "end" | "close", Listener[]> = {
  start: [],
  end: [],
  close: [],
};

const listen = (event: keyof typeof terminalListeners) => (listener: Listener) => {
  terminalListeners[event].push(listener);
  return { dispose: () => {} };
};

/** The commands that were run, and what they return. */
export const ran: { readonly command: string; readonly args: readonly unknown[] }[] = [];
export const results = new Map<string, unknown>();

export const commands = {
  executeCommand: async (command: string, ...args: readonly unknown[]) => {
    ran.push({ command, args });
    return results.get(command);
  },
};

export class TabInputText {
  readonly uri: Uri;

  constructor(uri: Uri) {
    this.uri = uri;
  }
}

export class CancellationTokenSource {
  readonly token = { isCancellationRequested: false };

  cancel(): void {
    this.token.isCancellationRequested = true;
  }

  dispose(): void {}
}

const activeTabGroup: { tabs: { readonly input: unknown }[] } = { tabs: [] };

export const window = {
  tabGroups: { all: [activeTabGroup], activeTabGroup },
  terminals: [] as readonly { readonly name: string; show(): void }[],
  activeTextEditor: undefined as
    | { readonly document: Document; readonly selections: readonly Range[] }
    | undefined,
  activeTerminal: undefined as unknown,
  onDidStartTerminalShellExecution: listen("start"),
  onDidEndTerminalShellExecution: listen("end"),
  onDidCloseTerminal: listen("close"),
};

export const languages = {
  getDiagnostics: (uri?: Uri) =>
    uri === undefined
      ? [...state.diagnostics].map(([key, diagnostics]) => [Uri.parse(key), diagnostics] as const)
      : (state.diagnostics.get(uri.toString()) ?? []),
};

export const extensions = {
  getExtension: () => state.git && { isActive: true, exports: { enabled: true, getAPI: () => state.git } },
};

export const workspace = {
  get workspaceFolders() {
    return state.folders;
  },
  textDocuments: [] as Document[],
  getWorkspaceFolder: ({ scheme, authority, path }: Uri) =>
    state.folders.find(
      ({ uri }) =>
        uri.scheme === scheme &&
        uri.authority === authority &&
        (path === uri.path || path.startsWith(`${uri.path}/`)),
    ),
  getConfiguration: (section: string) => ({
    get: (name: string) => state.settings.get(`${section}.${name}`),
  }),
  /** Finds every file of a pattern's folder whatever its glob is, and by a glob alone the files of all folders. */
  findFiles: async (pattern: RelativePattern | string, _exclude: unknown, _most: number, token?: Token) => {
    await Promise.resolve();
    if (token?.isCancellationRequested === true) return [];
    const isFound = typeof pattern === "string" ? matcherOf(pattern) : startsWith(`${pattern.baseUri}/`);
    return [...state.files.keys()].filter(isFound).map((uri) => Uri.parse(uri));
  },
  openTextDocument: async (uri: Uri) => documentOf(uri, textOf(uri)),
  fs: {
    stat: async (uri: Uri) =>
      [...state.files.keys()].some((file) => file.startsWith(`${uri}/`))
        ? {
            type: FileType.Directory | (state.links.has(uri.toString()) ? FileType.SymbolicLink : 0),
            size: 0,
          }
        : { type: state.links.has(uri.toString()) ? LINK : FileType.File, size: textOf(uri).length },
    readFile: async (uri: Uri) => new TextEncoder().encode(textOf(uri)),
  },
};

const LINK = FileType.File | FileType.SymbolicLink;

type Token = { readonly isCancellationRequested: boolean };

function matcherOf(glob: string): (uri: string) => boolean {
  const matches = picomatch(glob, { dot: true });
  return (uri) =>
    state.folders.some(
      (folder) =>
        uri.startsWith(`${folder.uri}/`) && matches(Uri.parse(uri).path.slice(folder.uri.path.length + 1)),
    );
}

function startsWith(start: string): (uri: string) => boolean {
  return (uri) => uri.startsWith(start);
}

function textOf(uri: Uri): string {
  const text = state.files.get(uri.toString());
  if (text === undefined) throw new Error(`There is no ${uri.toString()}.`);
  return text;
}
