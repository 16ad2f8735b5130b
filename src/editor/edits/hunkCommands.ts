import * as vscode from "vscode";
import type { Hunk } from "../../assistant/edits/selected/hunks.ts";
import type { HunkId, ShownEdit, ShownEdits } from "./shownEdits.ts";

/** The scheme of the texts that documents had before their edits. */
const BEFORE_SCHEME = "switchyard-before";

/** What the user does with the changes of edits: accept, discard, compare, and go from one to the next. */
export class HunkCommands implements vscode.Disposable {
  readonly #shown: ShownEdits;
  readonly #subscription: vscode.Disposable;

  constructor(shown: ShownEdits) {
    this.#shown = shown;
    this.#subscription = vscode.workspace.registerTextDocumentContentProvider(BEFORE_SCHEME, {
      provideTextDocumentContent: ({ query }) => shown.byId(Number(query))?.edit.before,
    });
  }

  /** Accepts a hunk. @param id undefined: the one at the cursor, which then goes to the next one */
  acceptHunk(id: HunkId | undefined): void {
    const found = this.#hunk(id);
    if (found === undefined) return;
    this.#shown.accept(found.shown, [found.hunk]);
    if (id === undefined) this.go("next");
  }

  /** Discards a hunk. @param id undefined: the one at the cursor, which then goes to the next one */
  async discardHunk(id: HunkId | undefined): Promise<void> {
    const found = this.#hunk(id);
    if (found === undefined) return;
    await this.#shown.discard(found.shown, [found.hunk]);
    if (id === undefined) this.go("next");
  }

  /** Accepts all hunks of a document. @param uri undefined: the active one */
  acceptAll(uri: vscode.Uri | undefined): void {
    for (const shown of this.#of(uri)) this.#shown.accept(shown, shown.hunks);
  }

  async discardAll(uri: vscode.Uri | undefined): Promise<void> {
    for (const shown of this.#of(uri)) await this.#shown.discard(shown, shown.hunks);
  }

  /** Compares a document with its text before its last edit, in VS Code's diff editor. */
  async compare(uri: vscode.Uri | undefined): Promise<void> {
    const shown = this.#of(uri).at(-1);
    if (shown === undefined) return;
    const { uri: target } = shown.edit;
    const name = target.path.slice(target.path.lastIndexOf("/") + 1);
    const before = vscode.Uri.from({ scheme: BEFORE_SCHEME, path: `/${name}`, query: String(shown.id) });
    const title = vscode.l10n.t("{file}: before and after the edit", { file: name });
    await vscode.commands.executeCommand("vscode.diff", before, target, title, { preview: true });
  }

  /** Moves the cursor to the next hunk of the active document, or to the previous one. */
  go(direction: "next" | "previous"): void {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return;
    const starts = this.#of(editor.document.uri)
      .flatMap(({ hunks }) => hunks.map(({ lines }) => lines.start))
      .toSorted((one, other) => one - other);
    const line = editor.selection.active.line;
    const to =
      direction === "next"
        ? (starts.find((start) => start > line) ?? starts[0])
        : (starts.findLast((start) => start < line) ?? starts.at(-1));
    if (to !== undefined) moveTo(editor, to);
  }

  /**
   * Moves the cursor to the first hunk of a new edit.
   * @param asked unless the user has moved it out of this range meanwhile
   */
  goToFirst(document: vscode.TextDocument, asked: vscode.Range | undefined): void {
    const editor = vscode.window.activeTextEditor;
    const first = this.#of(document.uri).at(-1)?.hunks[0];
    if (editor?.document !== document || first === undefined) return;
    const isUnmoved = asked === undefined || editor.selection.intersection(asked) !== undefined;
    if (isUnmoved) moveTo(editor, first.lines.start);
  }

  /** Whether the active document has hunks. */
  get areThere(): boolean {
    return this.#of(undefined).length > 0;
  }

  /** Whether the cursor of the active editor is in a hunk. */
  get isAtHunk(): boolean {
    return this.#hunk(undefined) !== undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #of(uri: vscode.Uri | undefined): readonly ShownEdit[] {
    const active = uri ?? vscode.window.activeTextEditor?.document.uri;
    return active === undefined ? [] : this.#shown.of(active);
  }

  #hunk(id: HunkId | undefined): { readonly shown: ShownEdit; readonly hunk: Hunk } | undefined {
    const editor = vscode.window.activeTextEditor;
    if (id === undefined && editor === undefined) return undefined;
    const shownEdits = id === undefined ? this.#of(undefined) : [this.#shown.byId(id.edit)];
    for (const shown of shownEdits) {
      const hunk = shown?.hunks.find((each) =>
        id === undefined ? isAt(each, editor?.selection.active.line ?? -1) : each.id === id.hunk,
      );
      if (shown !== undefined && hunk !== undefined) return { shown, hunk };
    }
    return undefined;
  }
}

function moveTo(editor: vscode.TextEditor, line: number): void {
  const position = new vscode.Position(Math.min(line, editor.document.lineCount - 1), 0);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(
    new vscode.Range(position, position),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

function isAt({ lines }: Hunk, line: number): boolean {
  return line === lines.start || (line > lines.start && line < lines.end);
}
