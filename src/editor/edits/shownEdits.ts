import * as vscode from "vscode";
import { mergeChanges } from "../../assistant/edits/mergeTexts.ts";
import {
  type Hunk,
  hunksBetween,
  moveHunk,
  stateOf,
  withoutHunks,
} from "../../assistant/edits/selected/hunks.ts";
import { placeOfDocument } from "../chat/context/places.ts";
import { editsBetween } from "../code/textEdits.ts";
import type { DocumentEdit, EditEvent } from "./editEvents.ts";

/** An edit in a document with the hunks that the user has neither accepted nor discarded. */
export type ShownEdit = {
  readonly id: number;
  readonly edit: DocumentEdit;
  readonly hunks: readonly Hunk[];
  /** Whether a hunk was accepted, and whether the document was saved since. */
  readonly isAccepted: boolean;
  readonly isSaved: boolean;
};

/** A hunk, and the edit that it belongs to. */
export type HunkId = { readonly edit: number; readonly hunk: number };

/** The edits that are in documents, until every hunk is accepted, discarded or undone. Hunks move with their document. */
export class ShownEdits implements vscode.Disposable {
  #shown: readonly ShownEdit[] = [];
  #ids = 0;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #events = new vscode.EventEmitter<EditEvent>();
  readonly #subscriptions: readonly vscode.Disposable[];
  /** Called when what is shown has changed. */
  readonly onDidChange = this.#changed.event;
  /** What has become of edits. */
  readonly onEdit = this.#events.event;

  constructor() {
    this.#subscriptions = [
      this.#changed,
      this.#events,
      vscode.workspace.onDidChangeTextDocument((event) => this.#follow(event)),
      vscode.workspace.onDidSaveTextDocument(({ uri }) =>
        this.#replace(uri, (shown) => ({ ...shown, isSaved: true })),
      ),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        // A document whose language changes is closed and opened again.
        if (vscode.workspace.textDocuments.includes(closed)) return;
        const { uri } = closed;
        for (const shown of this.of(uri)) this.#end(shown, shown.isSaved ? "kept" : "discarded");
      }),
    ];
  }

  byId(id: number): ShownEdit | undefined {
    return this.#shown.find((shown) => shown.id === id);
  }

  of(uri: vscode.Uri): readonly ShownEdit[] {
    return this.#shown.filter(({ edit }) => edit.uri.toString() === uri.toString());
  }

  /**
   * Writes an edit into its document as one change, which one undo takes back. What conflicts with changes that the user
   * made since the edit was asked for is left out. Returns how many changes that are, or undefined if nothing was written.
   */
  async apply(
    document: vscode.TextDocument,
    edit: Omit<DocumentEdit, "before" | "after" | "uri">,
    proposed: string,
  ): Promise<number | undefined> {
    const before = document.getText();
    const { text: after, conflicts } = mergeChanges(edit.target.text, proposed, before);
    if (after === before) return conflicts;
    if (!(await write(document, before, after))) return undefined;
    this.#ids += 1;
    const shown: ShownEdit = {
      id: this.#ids,
      edit: { ...edit, uri: document.uri, before, after },
      hunks: hunksBetween(before, after),
      isAccepted: false,
      isSaved: false,
    };
    this.#shown = [...this.#shown, shown];
    this.#events.fire({ kind: "applied", edit: shown.edit });
    this.#changed.fire();
    return conflicts;
  }

  /** Keeps hunks of an edit as they are. */
  accept(shown: ShownEdit, hunks: readonly Hunk[]): void {
    this.#remove({ ...shown, isAccepted: true }, hunks);
  }

  /** Takes hunks back. What the user has written in their lines is never overwritten: such hunks stay. */
  async discard(shown: ShownEdit, hunks: readonly Hunk[]): Promise<void> {
    const document = await vscode.workspace.openTextDocument(shown.edit.uri);
    const lineAt = linesOf(document);
    const untouched = hunks.filter((hunk) => stateOf(hunk, lineAt) === "shown");
    const before = document.getText();
    // Removed first, so that the change of the document is not taken for one of the user's.
    if (untouched.length > 0) {
      this.#remove(shown, untouched);
      if (!(await write(document, before, withoutHunks(before, untouched)))) return;
    }
    if (untouched.length === hunks.length) return;
    await vscode.window.showWarningMessage(
      vscode.l10n.t(
        "{file} has changed in the lines of this edit. Nothing was overwritten; accept it, or use Undo.",
        {
          file: placeOfDocument(document.uri).path,
        },
      ),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const lineAt = linesOf(document);
    // In the order of the document's end to its start, each one leaves the places of those before it as they are.
    const changes = contentChanges.toSorted((one, other) => other.rangeOffset - one.rangeOffset);
    const move = (hunk: Hunk) =>
      changes.reduce((moved, { range: { start, end }, text }) => moveHunk(moved, { start, end, text }), hunk);
    for (const shown of this.of(document.uri)) {
      const moved = { ...shown, hunks: shown.hunks.map(move) };
      const undone = moved.hunks.filter((hunk) => stateOf(hunk, lineAt) === "undone");
      this.#put(moved);
      if (undone.length > 0) this.#remove(moved, undone, "undone");
    }
    this.#changed.fire();
  }

  #remove(shown: ShownEdit, hunks: readonly Hunk[], how: "discarded" | "undone" = "discarded"): void {
    const ids = new Set(hunks.map(({ id }) => id));
    const left = { ...shown, hunks: shown.hunks.filter(({ id }) => !ids.has(id)) };
    if (left.hunks.length === 0) this.#end(left, left.isAccepted ? "kept" : how);
    else this.#put(left);
    this.#changed.fire();
  }

  #end({ id, edit }: ShownEdit, kind: "kept" | "discarded" | "undone"): void {
    this.#shown = this.#shown.filter((each) => each.id !== id);
    this.#events.fire({ kind, edit });
    this.#changed.fire();
  }

  #put(shown: ShownEdit): void {
    this.#shown = this.#shown.map((each) => (each.id === shown.id ? shown : each));
  }

  #replace(uri: vscode.Uri, change: (shown: ShownEdit) => ShownEdit): void {
    for (const shown of this.of(uri)) this.#put(change(shown));
  }
}

async function write(document: vscode.TextDocument, before: string, after: string): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, editsBetween(document, before, after));
  if (await vscode.workspace.applyEdit(edit)) return true;
  await vscode.window.showErrorMessage(
    vscode.l10n.t("{file} cannot be edited.", { file: placeOfDocument(document.uri).path }),
  );
  return false;
}

function linesOf(document: vscode.TextDocument): (line: number) => string | undefined {
  return (line) => (line < document.lineCount ? document.lineAt(line).text : undefined);
}
