import * as vscode from "vscode";
import type { Gathered } from "../../../assistant/context.ts";
import type { ContextChoice } from "../../../contract/view/contextMessages.ts";
import { file } from "./file.ts";
import { findFiles, openFiles } from "./fileSearch.ts";
import { folder } from "./folder.ts";
import { changes } from "./git/changes.ts";
import type { ImageFiles } from "./images/imageFiles.ts";
import { nameOf, placeOfDocument } from "./places.ts";
import { allProblems, countProblems, problemsOf } from "./problems.ts";
import { activeFile, selections } from "./selection.ts";
import type { ContextSource } from "./source.ts";
import { findSymbols, symbol } from "./symbol.ts";
import type { TerminalOutput } from "./terminal.ts";

/** A shorter text is part of too many names. */
const SHORTEST_SYMBOL_QUERY = 2;
const MAX_SYMBOLS = 10;

export type FinderDeps = {
  readonly terminal: Pick<TerminalOutput, "gather">;
  readonly privatePaths: () => readonly string[];
  readonly images: Pick<ImageFiles, "choose">;
};

/** `name`: can be typed after the `#` in any language. */
type EditorSource = readonly [
  name: string,
  icon: string,
  label: string,
  detail: string | undefined,
  gather: () => Gathered,
];

type Found = { readonly choice: ContextChoice; readonly source: ContextSource };

/** Finds what can be attached: the sources that the editor has, files, folders and symbols. */
export class ContextFinder {
  readonly #deps: FinderDeps;
  /** The sources of the choices since the list was opened. */
  readonly #sources = new Map<string, ContextSource>();
  #search: vscode.CancellationTokenSource | undefined;

  constructor(deps: FinderDeps) {
    this.#deps = deps;
  }

  /** Reports the choices for a text. Slow sources come in a second report, which has all. Ends the search before it. */
  async find(query: string, report: (choices: readonly ContextChoice[]) => void): Promise<void> {
    this.stop();
    if (query === "") this.#sources.clear();
    const search = new vscode.CancellationTokenSource();
    this.#search = search;
    const { token } = search;
    const found: Found[] = [];
    const add = (more: readonly Found[]) => {
      if (token.isCancellationRequested) return;
      found.push(...more);
      for (const { choice, source } of more) this.#sources.set(choice.id, source);
      report(found.map(({ choice }) => choice));
    };
    const files = query === "" ? this.#openFiles() : await this.#files(query, token);
    add([...this.#sourcesOfEditor(query), ...files]);
    if (query.length >= SHORTEST_SYMBOL_QUERY && !token.isCancellationRequested)
      add(await this.#symbols(query));
  }

  /** Ends the search that runs. */
  stop(): void {
    this.#search?.cancel();
    this.#search?.dispose();
    this.#search = undefined;
  }

  /** Returns the source of a choice that was reported. */
  source(id: string): ContextSource | undefined {
    return this.#sources.get(id);
  }

  /** The sources whose name contains the text. Those that have nothing are listed with the reason. */
  #sourcesOfEditor(query: string): readonly Found[] {
    const { terminal, privatePaths } = this.#deps;
    const globs = privatePaths();
    const document = vscode.window.activeTextEditor?.document;
    const place = document && placeOfDocument(document.uri).path;
    const sources: readonly EditorSource[] = [
      ["selection", "list-selection", vscode.l10n.t("Selection"), place, () => selections(globs)],
      ["file", "file-code", vscode.l10n.t("Active file"), place, () => activeFile(globs)],
      ["problems", "warning", vscode.l10n.t("All problems"), undefined, () => allProblems(globs)],
      ["terminal", "terminal", vscode.l10n.t("Last terminal command"), undefined, () => terminal.gather()],
    ];
    const typed = query.toLowerCase();
    const matches = (...names: readonly string[]) => names.some((name) => name.toLowerCase().includes(typed));
    const found = sources.flatMap(([name, icon, label, detail, gather]): readonly Found[] => {
      if (!matches(name, label)) return [];
      const gathered = gather();
      const more = gathered.kind === "none" ? { unavailable: gathered.reason } : { detail };
      return [{ choice: { id: name, group: "sources", icon, label, ...more }, source: async () => gather() }];
    });
    const ofFile = document === undefined ? [] : this.#problemsOfFile(document.uri);
    const withGit: Found = {
      choice: { id: "changes", group: "sources", icon: "diff", label: vscode.l10n.t("Uncommitted changes") },
      source: () => changes(privatePaths()),
    };
    const withDialog: Found = {
      choice: { id: "image", group: "sources", icon: "file-media", label: vscode.l10n.t("Image…") },
      source: async () => ({ kind: "images", uris: await this.#deps.images.choose() }),
    };
    return [
      ...found.flatMap((each) => (each.choice.id === "problems" ? [...ofFile, each] : [each])),
      ...[withGit, withDialog].filter(({ choice }) => matches(choice.id, choice.label)),
    ];
  }

  #problemsOfFile(uri: vscode.Uri): readonly Found[] {
    const { path } = placeOfDocument(uri);
    const label = vscode.l10n.t("Problems of {file}", { file: nameOf(path) });
    return countProblems(uri) === 0
      ? []
      : [
          {
            choice: { id: "problems-of-file", group: "sources", icon: "warning", label, detail: path },
            source: async () => problemsOf(uri, this.#deps.privatePaths()),
          },
        ];
  }

  #openFiles(): readonly Found[] {
    return openFiles(this.#deps.privatePaths()).map((uri) => this.#file(uri));
  }

  async #files(query: string, token: vscode.CancellationToken): Promise<readonly Found[]> {
    const { files, folders } = await findFiles(query, this.#deps.privatePaths(), token);
    return [...files.map((uri) => this.#file(uri)), ...folders.map((uri) => this.#folder(uri))];
  }

  #file(uri: vscode.Uri): Found {
    const choice = fileChoice(uri, "file");
    return { choice, source: () => file(uri, this.#deps.privatePaths()) };
  }

  #folder(uri: vscode.Uri): Found {
    const choice = fileChoice(uri, "folder");
    return { choice, source: () => folder(uri, this.#deps.privatePaths()) };
  }

  async #symbols(query: string): Promise<readonly Found[]> {
    const found = await findSymbols(query);
    return found.slice(0, MAX_SYMBOLS).map((each) => {
      const { name, uri, range } = each;
      const { path } = placeOfDocument(uri);
      const choice = {
        id: `symbol ${name} ${uri.toString()}:${range.start.line}`,
        group: "symbols",
        icon: "symbol-misc",
        label: name,
        detail: `${path}:${range.start.line + 1}`,
      } as const;
      return { choice, source: () => symbol(each, this.#deps.privatePaths()) };
    });
  }
}

function fileChoice(uri: vscode.Uri, icon: "file" | "folder"): ContextChoice {
  const { path } = placeOfDocument(uri);
  const name = nameOf(path);
  const parent = path.slice(0, -name.length - 1);
  return {
    id: `${icon} ${uri.toString()}`,
    group: "files",
    icon,
    label: name,
    ...(parent === "" ? {} : { detail: parent }),
  };
}
