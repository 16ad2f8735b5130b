import * as vscode from "vscode";
import { foldSpace } from "../../assistant/edits/alignment.ts";
import { mergeChanges } from "../../assistant/edits/mergeTexts.ts";
import { type Hunk, hunksBetween, stateOf, withoutHunks } from "../../assistant/edits/selected/hunks.ts";
import { type OpenEdit, OpenEdits } from "../../assistant/edits/selected/openEdits.ts";
import type { Clock } from "../../base/time/clock.ts";
import type { EditCheck } from "../../contract/edit/editCheck.ts";
import { placeOfDocument } from "../chat/context/places.ts";
import { writeText } from "../code/textEdits.ts";
import type { DocumentEdit, EditEvent } from "./editEvents.ts";

/** An edit in a document. */
export type ShownEdit = OpenEdit & { readonly edit: DocumentEdit };

/** An edit as it was written, and how many of its changes conflict with the user's. */
export type AppliedEdit = { readonly shown: ShownEdit | undefined; readonly conflicts: number };

/** A hunk, and the edit that it belongs to. */
export type HunkId = { readonly edit: number; readonly hunk: number };

/** Writes edits into documents, and follows what becomes of them. */
export class ShownEdits implements vscode.Disposable {
  readonly #edits: OpenEdits<ShownEdit>;
  #ids = 0;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #events = new vscode.EventEmitter<EditEvent>();
  readonly #subscriptions: readonly vscode.Disposable[];
  /** Called when what is shown has changed. */
  readonly onDidChange = this.#changed.event;
  /** What has become of edits. */
  readonly onEdit = this.#events.event;

  constructor(clock: Clock) {
    this.#edits = new OpenEdits(clock, {
      onAccepted: ({ edit, accepted }) => {
        const isWhole = accepted.length === hunksBetween(edit.before, edit.after).length;
        this.#events.fire({ kind: "accepted", edit, isWhole });
      },
      onEnd: ({ edit }, kind) => {
        this.#events.fire({ kind, edit });
        this.#changed.fire();
      },
      onRestored: ({ edit }) => this.#events.fire({ kind: "restored", edit }),
    });
    this.#subscriptions = [
      this.#changed,
      this.#events,
      vscode.workspace.onDidChangeTextDocument((event) => this.#follow(event)),
      vscode.workspace.onDidSaveTextDocument((saved) => this.#save(saved)),
      // Cells are saved with their notebook, and VS Code does not report it for each.
      vscode.workspace.onDidSaveNotebookDocument((notebook) => {
        for (const { document } of notebook.getCells()) this.#edits.save(document.uri.toString());
      }),
      // Before it is closed under its old name.
      vscode.workspace.onWillRenameFiles(({ files }) => {
        const keys = vscode.workspace.textDocuments.map(({ uri }) => uri.toString());
        for (const old of files.map(({ oldUri }) => oldUri.toString()))
          for (const key of keys) if (key === old || key.startsWith(`${old}/`)) this.#edits.rename(key);
      }),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        // A document whose language changes is closed and opened again.
        if (vscode.workspace.textDocuments.includes(closed)) return;
        this.#edits.close(closed.uri.toString());
      }),
    ];
  }

  byId(id: number): ShownEdit | undefined {
    return this.#edits.byId(id);
  }

  /** The edits of a document with hunks that the user has neither accepted nor discarded. */
  of(uri: vscode.Uri): readonly ShownEdit[] {
    return this.#edits.undecided(uri.toString());
  }

  /** All edits of a document whose outcome is not known yet. */
  open(uri: vscode.Uri): readonly ShownEdit[] {
    return this.#edits.open(uri.toString());
  }

  /** The text of a document without one of its edits; undefined if the user has written in the lines of that edit. */
  textWithout({ hunks, accepted }: ShownEdit, document: vscode.TextDocument): string | undefined {
    const all = [...hunks, ...accepted];
    const lineAt = linesOf(document);
    return all.every((hunk) => stateOf(hunk, lineAt) === "shown")
      ? withoutHunks(document.getText(), all)
      : undefined;
  }

  /**
   * Writes an edit into its document, so that one undo takes it back. What conflicts with changes that the user made since the
   * edit was asked for is left out. Undefined if nothing was written: the document cannot be edited, or it has changed in the
   * lines of the edit that this one is to replace, or it was closed without a file.
   * @param asked the document; one that was closed meanwhile is opened again
   * @param replaced an edit of the same text, which is reverted before: undo leads to the text without any edit
   */
  async apply(
    asked: vscode.TextDocument,
    edit: Omit<DocumentEdit, "before" | "after" | "uri">,
    proposed: string,
    replaced?: ShownEdit,
  ): Promise<AppliedEdit | undefined> {
    const document = await reopened(asked);
    if (document === undefined) return undefined;
    if (replaced !== undefined) {
      const without = this.textWithout(replaced, document);
      if (without === undefined) return undefined;
      const { text, conflicts } = mergeChanges(edit.target.text, proposed, without);
      if (text === without) return { shown: undefined, conflicts };
      if (!(await this.#takeBack(document, replaced))) return undefined;
    }
    let merged = { text: proposed, conflicts: 0 };
    const written = await writeText(document, (present) => {
      merged = mergeChanges(edit.target.text, proposed, present);
      return merged.text === present ? undefined : merged.text;
    });
    const { conflicts } = merged;
    if (written === undefined)
      return merged.text === document.getText() ? { shown: undefined, conflicts } : undefined;
    const { before, after } = written;
    this.#ids += 1;
    const shown: ShownEdit = {
      id: this.#ids,
      document: document.uri.toString(),
      edit: { ...edit, uri: document.uri, before, after },
      hunks: hunksBetween(before, after),
      accepted: [],
      isSaved: false,
    };
    this.#edits.add(shown);
    this.#events.fire({ kind: "applied", edit: shown.edit });
    this.#changed.fire();
    return { shown, conflicts };
  }

  /** Reverts an edit that another one replaces. Resolves to whether that was possible. */
  async #takeBack(document: vscode.TextDocument, replaced: ShownEdit): Promise<boolean> {
    // It is followed until it is reverted, because the user may type until then.
    this.#edits.replace(replaced);
    const written = await writeText(document, () => {
      const now = this.byId(replaced.id);
      return now && this.textWithout(now, document);
    });
    this.#edits.endReplaced(replaced, written !== undefined);
    return written !== undefined;
  }

  /** Keeps hunks of an edit as they are. */
  accept(shown: ShownEdit, hunks: readonly Hunk[]): void {
    this.#edits.accept(shown, hunks);
    this.#changed.fire();
  }

  /** Reports what a check of an edit found. */
  checked(edit: DocumentEdit, check: EditCheck): void {
    this.#events.fire({ kind: "checked", edit, check });
  }

  /** Takes hunks back. What the user has written in their lines is never overwritten: such hunks stay. */
  async discard(shown: ShownEdit, hunks: readonly Hunk[]): Promise<void> {
    const document = await vscode.workspace.openTextDocument(shown.edit.uri);
    const lineAt = linesOf(document);
    const untouched = hunks.filter((hunk) => stateOf(hunk, lineAt) === "shown");
    const before = document.getText();
    // Removed first, so that the change of the document is not taken for one of the user's.
    if (untouched.length > 0) {
      this.#edits.discard(shown, untouched);
      this.#changed.fire();
      const textOf = (present: string) => (present === before ? withoutHunks(before, untouched) : undefined);
      if ((await writeText(document, textOf)) === undefined) return;
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

  /** The window closes. */
  close(): void {
    this.#edits.closeAll();
  }

  dispose(): void {
    this.#edits.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #save(saved: vscode.TextDocument): void {
    this.#edits.save(saved.uri.toString());
    // Saved as a file, a document without one is emptied and closed. That takes nothing back.
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isUntitled || document === saved || !isSavedAs(document, saved)) continue;
      const key = document.uri.toString();
      if (document.getText() === saved.getText()) {
        for (const { edit } of this.#edits.open(key)) edit.uri = saved.uri;
        this.#edits.saveAs(key, saved.uri.toString());
        this.#changed.fire();
      } else {
        // It was formatted: where the changes are now is not known.
        this.#edits.save(key);
        this.#edits.close(key);
      }
    }
  }

  #follow({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    // From the document's end to its start, each one leaves the places of those before it as they are.
    const changes = contentChanges
      .toSorted((one, other) => other.rangeOffset - one.rangeOffset)
      .map(({ range: { start, end }, text }) => ({ start, end, text }));
    this.#edits.change(document.uri.toString(), changes, linesOf(document), reason !== undefined);
    this.#changed.fire();
  }
}

function linesOf(document: vscode.TextDocument): (line: number) => string | undefined {
  return (line) => (line < document.lineCount ? document.lineAt(line).text : undefined);
}

/** A document that is open. The text of one that was closed is not that of its file. Undefined: it was closed without one. */
async function reopened(document: vscode.TextDocument): Promise<vscode.TextDocument | undefined> {
  if (!document.isClosed) return document;
  return document.isUntitled ? undefined : vscode.workspace.openTextDocument(document.uri);
}

/** Whether a file is what a document without one was saved as. Saving may format the text. */
function isSavedAs(document: vscode.TextDocument, saved: vscode.TextDocument): boolean {
  return document.uri.path === saved.uri.path || foldSpace(document.getText()) === foldSpace(saved.getText());
}
